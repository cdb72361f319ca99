using NodaTime;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Pauses;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Policy;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Operations;

/// <summary>Switches: what is stopped, by whom and why. A pause that reaches every tenant is a matter for a credential that covers them all.</summary>
public sealed class PauseCalls(PauseBook book, TimeProvider clock)
{
    public async Task<CreatePauseResponse> CreateAsync(CreatePauseRequest request, Credential caller, CancellationToken cancellationToken)
    {
        var v = new FieldViolations();
        var scope = Read(request.Scope, v);
        var end = v.InstantOrNull("expire_time", request.ExpireTime);
        if (end <= Instant.FromDateTimeOffset(clock.GetUtcNow())) v.Add("expire_time", FieldReasons.OutOfRange, "later than now");
        var (actor, reason) = PolicyMap.ActorOf(v, request.Actor, caller, isReasonRequired: true);
        Refuse.ThrowIfAny(v);
        var answer = await book.StopAsync(new PauseOrder(scope, end, request.RevokeLeases, actor, reason), cancellationToken);
        return new CreatePauseResponse { Pause = Write(Demanded(answer)) };
    }

    public async Task<DeletePauseResponse> DeleteAsync(DeletePauseRequest request, Credential caller, CancellationToken cancellationToken)
    {
        var v = new FieldViolations();
        v.Id("pause_id", request.PauseId);
        var (actor, reason) = PolicyMap.ActorOf(v, request.Actor, caller, isReasonRequired: true);
        Refuse.ThrowIfAny(v);
        await CoveredAsync(request.PauseId, caller, isWrite: true, cancellationToken);
        return new DeletePauseResponse { Pause = Write(Demanded(await book.EndAsync(request.PauseId, actor, reason, cancellationToken))) };
    }

    public async Task<ListPausesResponse> ListAsync(ListPausesRequest request, Credential caller, CancellationToken cancellationToken)
    {
        var response = new ListPausesResponse();
        if (request.PauseId.Length > 0)
        {
            var v = new FieldViolations();
            v.Id("pause_id", request.PauseId);
            Refuse.ThrowIfAny(v);
            response.Pauses.AddRange((await CoveredAsync(request.PauseId, caller, isWrite: false, cancellationToken)).Select(Write));
            return response;
        }

        var shown = book.Board.InForce.Where(pause => Concerns(pause.Pause.Scope.Tenant, request.TenantId, caller));
        response.Pauses.AddRange(shown.Select(Write));
        return response;
    }

    /// <summary>Everybody's pauses concern everybody.</summary>
    private static bool Concerns(string tenant, string asked, Credential caller) =>
        tenant.Length == 0 || (caller.Covers(tenant) && (asked.Length == 0 || asked == tenant));

    /// <summary>The history of a pause that the caller may see; another tenant's does not exist for it.</summary>
    private async Task<IReadOnlyList<RecordedPause>> CoveredAsync(string id, Credential caller, bool isWrite, CancellationToken cancellationToken)
    {
        var history = await book.HistoryAsync(id, cancellationToken);
        if (history.Count == 0 || !Concerns(history[0].Pause.Scope.Tenant, "", caller)) throw Unknown(id);
        if (isWrite && history[0].Pause.Scope.Tenant.Length == 0 && !caller.CoversAll)
        {
            throw Refuse.Call(Reasons.TenantNotAllowed, "The credential does not cover every tenant.", ("tenant_id", ""));
        }

        return history;
    }

    private static RecordedPause Demanded(PauseAnswer answer) => answer.Refusal switch
    {
        PauseRefusal.None => answer.Pause!,
        PauseRefusal.TooMany => throw Refuse.Call(Reasons.PauseLimit, $"At most {PauseBook.Limit} pauses are in force at a time."),
        PauseRefusal.NotFound => throw Unknown(""),
        _ => throw Refuse.Call(Reasons.StorageUnavailable, "Others change the same pause at this moment; repeat it."),
    };

    private static Exception Unknown(string id) => Refuse.Call(Reasons.PauseNotFound, "No such pause.", ("pause_id", id));

    private static Domain.Pauses.PauseScope Read(V1.PauseScope? source, FieldViolations v)
    {
        using var scope = v.In("scope");
        source ??= new V1.PauseScope();
        var read = new Domain.Pauses.PauseScope
        {
            Tenant = v.IdOrEmpty("tenant_id", source.TenantId),
            Channel = (Domain.Debtors.ContactChannel)(int)v.Known("channel", source.Channel, required: false),
            StrategyId = v.IdOrEmpty("strategy_id", source.StrategyId),
            GatewayId = v.IdOrEmpty("gateway_id", source.GatewayId),
            SenderId = v.IdOrEmpty("sender_id", source.SenderId),
            Template = v.Text("template", source.Template, BorderLimits.ReferenceLength),
        };
        var isAll = read == new Domain.Pauses.PauseScope();
        if (isAll && !source.Everything) v.Add("everything", FieldReasons.Required, "say everything, or what");
        if (!isAll && source.Everything) v.Add("everything", FieldReasons.Inconsistent, "everything leaves nothing to name");
        if (read.Template.Length > 0 && read.Tenant.Length == 0) v.Add("template", FieldReasons.Inconsistent, "templates are a tenant's own: name it");
        return read;
    }

    private static V1.Pause Write(RecordedPause source)
    {
        var scope = source.Pause.Scope;
        return new V1.Pause
        {
            PauseId = source.Pause.Id,
            Scope = new V1.PauseScope
            {
                Everything = scope == new Domain.Pauses.PauseScope(),
                TenantId = scope.Tenant,
                Channel = (ContactChannel)(int)scope.Channel,
                StrategyId = scope.StrategyId,
                GatewayId = scope.GatewayId,
                SenderId = scope.SenderId,
                Template = scope.Template,
            },
            CreateTime = ScalarMap.ToProto(source.Pause.Start),
            ExpireTime = source.Pause.End is { } end ? ScalarMap.ToProto(end) : null,
            Actor = new Actor { ActorId = source.Actor, Reason = source.Reason },
            RevokeLeases = source.Pause.Revokes,
            IsFault = source.IsByFault,
            ChangeTime = ScalarMap.ToProto(source.ChangedAt),
            IsDeleted = source.IsEnded,
        };
    }
}
