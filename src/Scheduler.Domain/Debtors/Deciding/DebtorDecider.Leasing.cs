using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <content>Handing out a dispatch.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// Decides anew at this very instant, whatever the offer was made from: grants what is due on the offered channel now, or refuses.
    /// The attempt counts from here, unless the gateway is to confirm it before placing.
    /// </summary>
    public static Decision<LeaseReply> Lease(DebtorState state, LeaseCommand c, DecisionContext ctx, Instant now)
    {
        if (state.IsClosed) return Unwritten(NoLease(RefusalReasons.NotPermitted, "The debtor is merged into another, or being split.", null));
        if (ctx.Pauses.Find(new PausableWork(state.Key.Tenant, c.Channel, GatewayId: c.GatewayId, SenderId: c.SenderId), now) is not null) return Unwritten(NoLeaseInPause);
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        if (d.State.Lease is not null) return Unwritten(NoLease(RefusalReasons.AlreadyLeased, "Another lease of this debtor lives.", null));
        var planning = Planner.Plan(d);
        if (planning.Pause is not null) return d.Answer(NoLeaseInPause);
        if (planning.Pick is not { } pick)
        {
            Wait(d, state.Wake);
            if (planning.Refusal is { } refused && d.State.Wake != state.Wake) RecordRefusal(d, refused);
            return d.Answer(NoLease(planning.Refusal is null ? RefusalReasons.NothingDue : RefusalReasons.NotPermitted, "Nothing may be placed now.", planning.Refusal?.Verdict));
        }

        if (c.Point != default && pick.Point.Id != c.Point) return d.Answer(NoLease(RefusalReasons.NothingDue, "Another point is due now.", pick.Verdict));
        if (pick.Step.Channel != c.Channel) return d.Answer(NoLease(RefusalReasons.NothingDue, "Another channel is due now.", pick.Verdict));
        var expiresAt = now + ctx.Terms.Clamp(c.Duration);
        var notAfter = Instant.Min(NotAfter(d, pick), expiresAt);
        if (notAfter - now < ctx.Terms.LeastUseful) return Unwritten(NoLease(RefusalReasons.NotPermitted, "Too little time is left to place it.", pick.Verdict));

        var lease = LeaseOf(d, c, pick, expiresAt, notAfter);
        d.State = d.State with { Lease = lease };
        if (pick.Plan is { } plan) Plans.Set(d, plan with { LeaseCount = plan.LeaseCount + 1 });
        d.Record(new DebtorEvent.Leased(now, lease, Proof(d, lease, state.Contacts)));
        if (lease.IsReserved) d.Put(d.RecordOf(lease, now));
        d.DropOldContacts();
        Planner.Plan(d);
        return d.Answer(new LeaseReply(lease, pick.Step, pick.Verdict, null));
    }

    private static LeaseReply NoLeaseInPause => NoLease(RefusalReasons.Paused, "A pause stops it.", null);

    private static LeaseReply NoLease(string reason, string detail, Verdict? verdict) => new(null, null, verdict, new Refusal(reason, "", detail));

    /// <summary>Until when rules and plan let it be placed. A lease's own is never past its expiry: after that no revocation reaches its gateway.</summary>
    private static Instant NotAfter(Draft d, Dispatchable pick)
    {
        var bound = Instant.Min(pick.Verdict.At, d.Now + d.Context.Terms.LongestWithExtensions);
        return pick.Plan?.LapsesAt is { } lapses ? Instant.Min(bound, lapses) : bound;
    }

    private static Lease LeaseOf(Draft d, LeaseCommand c, Dispatchable pick, Instant expiresAt, Instant notAfter) => new()
    {
        Dispatch = DispatchId.Of(d.State.Key.Debtor, c.NextVersion),
        Fence = c.NextVersion,
        GatewayId = c.GatewayId,
        InstanceId = c.InstanceId,
        PullId = c.PullId,
        Channel = pick.Step.Channel,
        Point = pick.Point.Id,
        Mode = pick.Step.Mode,
        Purpose = pick.Step.Purpose,
        Role = Rules.RoleOf(pick.Accounts),
        Accounts = [.. pick.Accounts.Select(static a => a.Id)],
        PlannedFor = pick.PlannedFor.Id,
        StepId = pick.Step.Id,
        StrategyVersion = pick.Plan?.StrategyVersion ?? "",
        Template = pick.Step.Template,
        SenderId = c.SenderId,
        LeasedAt = d.Now,
        ExpiresAt = expiresAt,
        NotAfter = notAfter,
        DeliverBefore = pick.Verdict.DeliverBefore,
        ConfirmRequired = c.ConfirmRequired,
        DeliveryCount = (pick.Plan?.LeaseCount ?? 0) + 1,
        Priority = pick.Step.Priority,
        IsCounted = pick.Verdict.IsCounted,
        Promotes = pick.Step.Promotes,
    };

    /// <summary>What the grant stood on; the contacts are those before its own.</summary>
    private static LeaseProof Proof(Draft d, Lease lease, ImmutableArray<ContactRecord> contacts)
    {
        var proof = Rules.Prove(d, lease);
        return new LeaseProof
        {
            PolicyEpoch = d.Context.Policy.Epoch,
            ZoneDataVersion = d.Context.Policy.ZoneDataVersion,
            PackVersions = d.Context.Policy.PackVersionsOf(d.State),
            Place = ContactList.PlaceOf(d.State, lease.Point),
            Zones = ZonesAt(d),
            ContactsDigest = Digests.Of(contacts),
            ContactCount = contacts.Length,
            Collectors = [.. lease.Accounts.Select(id => d.State.Accounts[Changes.IndexOf(d.State.Accounts, id)].Collector)],
            CreditorId = ContactList.CreditorOf(d.State, lease.PlannedFor),
            NotAfter = lease.NotAfter,
            Rules = proof.Rules,
            RuleCount = proof.RuleCount,
            InputsDigest = proof.InputsDigest,
        };
    }

    /// <summary>What a refusal stood on: of the rules, those that refused.</summary>
    private static RefusalProof Refused(Draft d, VerdictProof proof) => new()
    {
        PolicyEpoch = d.Context.Policy.Epoch,
        ZoneDataVersion = d.Context.Policy.ZoneDataVersion,
        PackVersions = d.Context.Policy.PackVersionsOf(d.State),
        Zones = ZonesAt(d),
        Rules = proof.Rules.RemoveAll(static rule => !rule.IsRefusal),
        RuleCount = proof.RuleCount,
        InputsDigest = proof.InputsDigest,
    };

    private static ImmutableArray<ZoneTime> ZonesAt(Draft d)
    {
        var zones = d.Zones.Zones;
        var times = ImmutableArray.CreateBuilder<ZoneTime>(zones.Length);
        foreach (var zone in zones) times.Add(new ZoneTime(zone.Id, d.Now.InZone(zone).LocalDateTime));
        return times.DrainToImmutable();
    }
}
