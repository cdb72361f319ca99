using Scheduler.Grains.Pacing;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Policy;
using Scheduler.Services.Refusals;
using Scheduler.V1;
using PacingScope = Scheduler.Grains.Pacing.PacingScope;

namespace Scheduler.Services.Operations;

/// <summary>How fast, how many at once, how many new recipients a day. What binds all tenants together is a matter for a credential that covers them all.</summary>
public sealed class PacingCalls(PacingBook book)
{
    private const int RateLimit = 100_000;
    private const int LeaseLimit = 100_000;
    private const int RecipientLimit = 1_000_000;
    private const int WeightLimit = 1_000;

    public async Task<SetPacingResponse> SetAsync(SetPacingRequest request, Credential caller, CancellationToken cancellationToken)
    {
        var v = new FieldViolations();
        var limit = Read(request.Pacing ?? new Pacing(), v);
        var (actor, reason) = PolicyMap.ActorOf(v, request.Actor, caller, isReasonRequired: true);
        Refuse.ThrowIfAny(v);
        await book.LoadAsync(cancellationToken);
        var set = await book.SetAsync(limit, actor, reason, cancellationToken);
        return set is null
            ? throw Refuse.Call(Reasons.PacingLimit, $"At most {PacingBook.Limit} scopes are paced at a time, or others change this one at this moment.")
            : new SetPacingResponse { Pacing = Write(set) };
    }

    public async Task<ListPacingResponse> ListAsync(ListPacingRequest request, Credential caller, CancellationToken cancellationToken)
    {
        await book.LoadAsync(cancellationToken);
        var response = new ListPacingResponse();
        foreach (var one in book.Current.All)
        {
            var tenant = one.Limit.Scope.Tenant;
            if (tenant.Length == 0 || (caller.Covers(tenant) && (request.TenantId.Length == 0 || request.TenantId == tenant))) response.Pacing.Add(Write(one));
        }

        return response;
    }

    private static PacingLimit Read(Pacing source, FieldViolations v)
    {
        using var inPacing = v.In("pacing");
        var scope = ReadScope(source.Scope ?? new V1.PacingScope(), v);
        if (source.HasPerSecond && source.PerSecond is not (> 0 and <= RateLimit)) v.Add("per_second", FieldReasons.OutOfRange, "more than 0 and at most 100,000");
        Range("burst", source.Burst, RateLimit, v);
        Range("max_live_leases", source.MaxLiveLeases, LeaseLimit, v);
        Range("max_new_recipients_per_day", source.MaxNewRecipientsPerDay, RecipientLimit, v);
        Range("weight", source.Weight, WeightLimit, v);
        if (source.Weight > 0 && !scope.IsTenantAlone) v.Add("weight", FieldReasons.Inconsistent, "only tenants have weights: name nothing else");
        return new PacingLimit(
            PacingBook.IdOf(scope), scope, source.HasPerSecond ? source.PerSecond : null, source.Burst, source.MaxLiveLeases, source.MaxNewRecipientsPerDay, source.Weight);
    }

    private static PacingScope ReadScope(V1.PacingScope source, FieldViolations v)
    {
        using var inScope = v.In("scope");
        var scope = new PacingScope(
            v.IdOrEmpty("tenant_id", source.TenantId), (Domain.Debtors.ContactChannel)(int)v.Known("channel", source.Channel, required: false),
            v.IdOrEmpty("sender_id", source.SenderId), v.IdOrEmpty("limit_group", source.LimitGroup));
        if (scope == new PacingScope("", default, "", "")) v.Add("tenant_id", FieldReasons.Required, "tenant, channel, sender or limit group");
        return scope;
    }

    private static void Range(string field, int value, int most, FieldViolations v)
    {
        if (value < 0 || value > most) v.Add(field, FieldReasons.OutOfRange, $"0 to {most}");
    }

    private static Pacing Write(RecordedPacing source)
    {
        var (limit, scope) = (source.Limit, source.Limit.Scope);
        var pacing = new Pacing
        {
            Scope = new V1.PacingScope { TenantId = scope.Tenant, Channel = (ContactChannel)(int)scope.Channel, SenderId = scope.SenderId, LimitGroup = scope.LimitGroup },
            Burst = limit.Burst,
            MaxLiveLeases = limit.MaxLive,
            MaxNewRecipientsPerDay = limit.MaxNewRecipients,
            Weight = limit.Weight,
            Actor = new Actor { ActorId = source.Actor, Reason = source.Reason },
            ChangeTime = ScalarMap.ToProto(source.ChangedAt),
        };
        if (limit.PerSecond is { } rate) pacing.PerSecond = rate;
        return pacing;
    }
}
