using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Recovery;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>What a restore lost, and how that is settled. About the whole installation: only for who may speak for every tenant.</summary>
public sealed class RecoveryCalls(RecoveryBook book)
{
    public async Task<GetRecoveryResponse> GetAsync(ServerCallContext context) => new() { Recovery = Write(await book.ReadAsync(context.CancellationToken)) };

    public async Task<BeginRecoveryResponse> BeginAsync(BeginRecoveryRequest request, ServerCallContext context)
    {
        var actor = Demand(context);
        var violations = new FieldViolations();
        var start = violations.InstantOrNull("start_time", request.StartTime);
        var reason = Statement.Reason(violations, request.Actor);
        Refuse.ThrowIfAny(violations);
        var state = await book.BeginAsync(Grains.Recovery.RecoveryCause.Stated, start, 0, actor, reason, context.CancellationToken);
        return new BeginRecoveryResponse { Recovery = Write(state) };
    }

    public async Task<EndRecoveryResponse> EndAsync(EndRecoveryRequest request, ServerCallContext context)
    {
        var actor = Demand(context);
        var violations = new FieldViolations();
        violations.Known("end", request.End);
        var reason = Statement.Reason(violations, request.Actor);
        Refuse.ThrowIfAny(violations);
        var state = await book.EndAsync((Grains.Recovery.RecoveryEnd)(int)request.End, actor, reason, context.CancellationToken);
        return new EndRecoveryResponse { Recovery = Write(state) };
    }

    private static string Demand(ServerCallContext context)
    {
        var caller = AccessInterceptor.Caller(context);
        return caller.CoversAll ? caller.Actor : throw Refuse.Call(Reasons.TenantNotAllowed, "The credential does not cover every tenant.", ("tenant_id", ""));
    }

    private static Recovery Write(RecoveryState state)
    {
        var recovery = new Recovery();
        if (state.Row == 0) return recovery;
        recovery.Open = state.IsOpen;
        recovery.Cause = (V1.RecoveryCause)(int)state.Cause;
        recovery.BeginTime = ScalarMap.ToProto(state.BegunAt);
        recovery.StartTime = ScalarMap.ToProto(state.Start);
        recovery.LastCursor = state.LastCursor;
        recovery.MarkedCursor = state.MarkedCursor;
        recovery.End = (V1.RecoveryEnd)(int)state.Ended;
        recovery.Actor = new Actor { ActorId = state.Actor, Reason = state.Reason };
        recovery.ChangeTime = ScalarMap.ToProto(state.ChangedAt);
        foreach (var gap in state.Gaps) recovery.Gaps.Add(new RecoveryGap { Number = gap.Number, StartTime = ScalarMap.ToProto(gap.Start), EndTime = ScalarMap.ToProto(gap.End) });
        return recovery;
    }
}
