using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>Contacts that nobody planned.</content>
public sealed partial class DebtorGrain
{
    public async Task<AuthorizeAnswer> Authorize(AuthorizeRequest request)
    {
        if (Record is null) return Absent(AuthorizeAnswer.Wrong(Answers.NoDebtor));
        if (IsElsewhere(d => d.Authorize(request with { Alias = request.Alias.Length > 0 ? request.Alias : Key.Debtor }), static fault => AuthorizeAnswer.Wrong(fault), out var elsewhere)) return await elsewhere;
        if (Closed is { } closed) return AuthorizeAnswer.Wrong(closed);
        var command = Wire.ReadAuthorize(request.Body) with { Alias = request.Alias };
        var versionBefore = Record.Version;
        AuthorizeReply reply;
        try
        {
            reply = await TurnAsync(
                (state, version, context, now) => DebtorDecider.Authorize(state!, command with { NextVersion = context.FenceOf(version + 1) }, context, now),
                new TurnTerms(Fenced: true, Affirms: true, Grows: true, Deadline: request.Deadline));
        }
        catch (RowRefusedException refused) when (refused.Kind is WriteAnswerKind.EpochChanged or WriteAnswerKind.DeadlinePassed or WriteAnswerKind.TooLarge)
        {
            return AuthorizeAnswer.Wrong(refused.Kind == WriteAnswerKind.TooLarge
                ? Answers.TooLarge
                : new Fault(RefusalReasons.NotPermitted, "Nothing was leased: the rules changed, or nobody waited any more."));
        }

        if (reply.Refusal is { } wrong) return AuthorizeAnswer.Wrong(Answers.Of(wrong)!);
        if (reply.Lease is { } lease && !command.OnlyAsks)
        {
            // A repeat's lease was handed out before and may be ringing: only one of this turn can be taken back.
            var isOurs = Record!.Version > versionBefore;
            if (isOurs && lease.NotAfter - tools.Clock.Now() < tools.Rules.Current.Context.Terms.LeastUseful)
            {
                // Nobody learns of it, so nothing was placed.
                await ReleaseAsync(new LeaseRef(lease.Dispatch, lease.Fence), NotPlacedReason.TooLate);
                reply = reply with { Lease = null, Verdict = Verdict.DeferUntil(lease.NotAfter, "lease.too_short") };
            }
            else if (isOurs)
            {
                tools.Counters.Add(CounterNames.Leased);
                tools.Counters.Instruments.Permitted(lease.Channel);
            }
        }
        else
        {
            tools.Counters.Add(CounterNames.LeasesRefused);
        }

        return new AuthorizeAnswer(Wire.WriteAuthorized(Record!.State, reply, command.Channel, PolicyAtHand), null);
    }
}
