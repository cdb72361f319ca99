using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>Wakes and leases.</content>
public sealed partial class DebtorGrain
{
    /// <summary>A popped candidate that was not leased, and of which nothing was written, is looked at again after this.</summary>
    private static readonly Duration AfterRefusal = Duration.FromSeconds(5);

    public async Task Wake(WakeHint hint)
    {
        if (Record is not { } before)
        {
            DeactivateOnIdle();
            return;
        }

        if (before.State.Merge is not null)
        {
            await ResumeMergeAsync();
            return;
        }

        if (before.State.Split is not null)
        {
            await ResumeSplitAsync();
            return;
        }

        tools.Counters.Add(CounterNames.Wakes);
        var reply = await TurnAsync((state, _, context, now) =>
        {
            var decision = DebtorDecider.Wake(state!, context, now);
            // The reply names the offer; an effect that repeats it would only be a double offer.
            return decision with { Effects = decision.Effects.RemoveAll(static e => e is Effect.Offer) };
        }, default);
        if (reply.Offer is { } offer) await OfferAsync(offer, before.DueAt);
        else if (Record is { } after && after.Version == before.Version) Postpone(after, tools.Rules.Current.Context.Terms.ShortestWait);
    }

    public async Task<ReplanAnswer> Replan()
    {
        if (Record is not { } before) return Absent(new ReplanAnswer(Moved: false, Revoked: false));
        var isRevoked = false;
        await TurnAsync(
            (state, _, context, now) =>
            {
                var decision = DebtorDecider.Replan(state!, context, now);
                isRevoked = decision.Effects.Any(static e => e is Effect.Revoked);
                return decision;
            },
            default);
        return new ReplanAnswer(Record?.State.Wake.At != before.State.Wake.At, isRevoked);
    }

    public async Task<LeaseAnswer> Lease(LeaseRequest request)
    {
        if (Record is null) return Absent(LeaseAnswer.Refused(LeaseRefusal.NoDebtor));
        if (Record.State.IsClosed) return LeaseAnswer.Refused(LeaseRefusal.NotPermitted);
        if (Closed is not null) return LeaseAnswer.Refused(LeaseRefusal.Closed);
        if (tools.Clock.GetUtcNow() >= request.Deadline) return LeaseAnswer.Refused(LeaseRefusal.TooLate);
        var versionBefore = Record.Version;
        LeaseReply reply;
        try
        {
            reply = await TurnAsync(
                (state, version, context, now) => DebtorDecider.Lease(state!, Command(request, context.FenceOf(version + 1)), context, now),
                new TurnTerms(Fenced: true, Grows: true, Deadline: request.Deadline));
        }
        catch (RowRefusedException refused) when (refused.Kind is WriteAnswerKind.EpochChanged or WriteAnswerKind.DeadlinePassed or WriteAnswerKind.TooLarge)
        {
            return RefusedByStore(refused.Kind);
        }
        catch (LeasingClosedException)
        {
            return LeaseAnswer.Refused(LeaseRefusal.Closed);
        }

        if (reply.Lease is not { } lease)
        {
            tools.Counters.Add(CounterNames.LeasesRefused);
            if (Record is { } unchanged && unchanged.Version == versionBefore) Postpone(unchanged, AfterRefusal);
            var why = LeaseAnswer.Refused(Answers.Refusal(reply));
            return why with { Verdict = Wire.WriteVerdict(reply.Verdict, Record!.State, PolicyAtHand), Withheld = WithheldFor(why, reply) };
        }

        var terms = tools.Rules.Current.Context.Terms;
        if (lease.NotAfter - tools.Clock.Now() < terms.LeastUseful)
        {
            // Too little time was left once the lease was durable: nobody learns of it, so nothing was placed.
            await ReleaseAsync(new LeaseRef(lease.Dispatch, lease.Fence), NotPlacedReason.TooLate);
            return LeaseAnswer.Refused(LeaseRefusal.TooShort);
        }

        tools.Counters.Add(CounterNames.Leased);
        tools.Counters.Instruments.Permitted(lease.Channel);
        var dispatch = Wire.WriteDispatch(Record!.State, lease, reply.Step, Wire.Verdict(reply.Verdict, Record.State, PolicyAtHand), PolicyAtHand, lease.LeasedAt);
        return new LeaseAnswer(LeaseRefusal.None, lease.Dispatch.Value, dispatch, ReadOnlyMemory<byte>.Empty);
    }

    public Task<HeldLease> ListLease(LeaseHolder holder)
    {
        if (Record is not { } record) return Task.FromResult(Absent(HeldLease.None));
        // A contact that nobody planned may have been asked for by an alias's id.
        if (record.State.Merge is { IsDone: true } && IsElsewhere(d => d.ListLease(holder), static _ => HeldLease.None, out var elsewhere)) return elsewhere;
        var lease = record.State.Lease;
        if (lease is null || !LeaseMatch.IsHeldBy(lease, holder) || lease.ExpiresAt <= tools.Clock.Now()) return Task.FromResult(HeldLease.None);
        var held = new HeldLease(
            lease.Dispatch.Value, lease.InstanceId, lease.ConfirmedAt is not null, record.Version, Wire.Token(lease), ReadOnlyMemory<byte>.Empty, null);
        if (lease.IsRevoked) return Task.FromResult(held with { Revocation = Notice(lease) });
        var context = RulesAt(tools.Clock.Now()).Context;
        var step = context.Strategies.FindStep(lease.StrategyVersion, lease.StepId, lease.Channel);
        return Task.FromResult(held with { Dispatch = Wire.WriteDispatch(record.State, lease, step, null, context.Policy, lease.LeasedAt) });
    }

    public async Task<ConfirmAnswer> Confirm(LeaseClaim claim)
    {
        if (Record is null) return Absent(new ConfirmAnswer(Go: false, null, ReadOnlyMemory<byte>.Empty, Answers.NoDispatch));
        if (IsAnothers(claim.DispatchId, claim.GatewayId)) return new ConfirmAnswer(Go: false, null, ReadOnlyMemory<byte>.Empty, Answers.NotYours);
        if (Closed is { } closed) return new ConfirmAnswer(Go: false, null, ReadOnlyMemory<byte>.Empty, closed);
        var reply = await TurnAsync(
            (state, _, context, now) => DebtorDecider.Confirm(state!, new ConfirmCommand(Wire.ReadClaim(claim)), context, now),
            new TurnTerms(Fenced: true, Affirms: true));
        return new ConfirmAnswer(reply.Go, reply.Go ? Answers.Of(reply.NotAfter) : null, Wire.WriteVerdict(reply.Verdict, Record!.State, PolicyAtHand), Answers.Of(reply.Refusal));
    }

    public async Task<LeaseChange> Extend(LeaseExtension extension)
    {
        if (Record is null) return Absent(new LeaseChange(Done: false, null, Answers.NoDispatch));
        if (IsAnothers(extension.Claim.DispatchId, extension.Claim.GatewayId)) return new LeaseChange(Done: false, null, Answers.NotYours);
        if (Closed is { } closed) return new LeaseChange(Done: false, null, closed);
        await ExtendRoomAsync(extension);
        var reply = await TurnAsync(
            (state, _, context, now) => DebtorDecider.Extend(
                state!, new ExtendCommand(Wire.ReadClaim(extension.Claim), Duration.FromTimeSpan(extension.Duration)), context, now),
            new TurnTerms(Affirms: true));
        return new LeaseChange(reply.ExpiresAt is not null, Answers.Of(reply.ExpiresAt), Answers.Of(reply.Refusal));
    }

    public async Task<LeaseChange> Release(LeaseReturn lease)
    {
        if (Record is null) return Absent(new LeaseChange(Done: false, null, Answers.NoDispatch));
        if (Record.State.Merge is { IsDone: true } && IsElsewhere(d => d.Release(lease), static fault => new LeaseChange(Done: false, null, fault), out var elsewhere)) return await elsewhere;
        if (IsAnothers(lease.Claim.DispatchId, lease.Claim.GatewayId)) return new LeaseChange(Done: false, null, Answers.NotYours);
        var reply = await ReleaseAsync(Wire.ReadClaim(lease.Claim), (NotPlacedReason)lease.Reason);
        return new LeaseChange(reply.State != ApplyState.Rejected, null, Answers.Of(reply.Refusal));
    }

    /// <summary>Tokens tell one lease from the next and can be guessed; a lease is its gateway's alone.</summary>
    private bool IsAnothers(string dispatch, string gateway) =>
        Record?.State.Lease is { } lease && lease.Dispatch.Value == dispatch && lease.GatewayId != gateway;

    private Task<ReleaseReply> ReleaseAsync(LeaseRef lease, NotPlacedReason reason)
    {
        tools.Counters.Add(CounterNames.LeasesReleased);
        return TurnAsync((state, _, context, now) => DebtorDecider.Release(state!, new ReleaseCommand(lease, reason), context, now), default);
    }

    private Withheld WithheldFor(LeaseAnswer refused, LeaseReply reply)
    {
        if (refused.Refusal != LeaseRefusal.NotPermitted) return refused.Withheld;
        if (reply.Refusal?.Reason == RefusalReasons.NothingDue) return new Withheld(WithheldReason.NothingDue, 1, null);
        if (reply.Verdict is not { IsPermit: false } no) return new Withheld(WithheldReason.TooLate, 1, null);
        var kind = RefusalKinds.Of(no.RuleId, RulesAt(tools.Clock.Now()).Context.Policy);
        return new Withheld(WithheldTally.Of(kind), 1, no.Kind == VerdictKind.Defer ? no.At.ToUnixTimeMilliseconds() : null);
    }

    private static LeaseAnswer RefusedByStore(WriteAnswerKind kind) => LeaseAnswer.Refused(kind switch
    {
        WriteAnswerKind.EpochChanged => LeaseRefusal.EpochChanged,
        WriteAnswerKind.DeadlinePassed => LeaseRefusal.TooLate,
        _ => LeaseRefusal.NotPermitted,
    });

    private static LeaseCommand Command(LeaseRequest request, long nextVersion) => new()
    {
        NextVersion = nextVersion,
        OfferVersion = request.OfferedVersion,
        Channel = request.Channel,
        GatewayId = request.GatewayId,
        InstanceId = request.InstanceId,
        PullId = request.PullId,
        Duration = Duration.FromTimeSpan(request.Duration),
        ConfirmRequired = request.ConfirmRequired,
        SenderId = request.SenderId,
        Point = request.Point.Length > 0 ? new PointId(request.Point) : default,
    };
}
