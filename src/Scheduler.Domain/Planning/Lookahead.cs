using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>Looks at the next step of one account and asks the rules when and how it may be done.</summary>
internal static class Lookahead
{
    public static Outlook Of(Draft d, Account account, AccountPlan? plan)
    {
        while (true)
        {
            if (plan is null) return new(OutlookKind.Blocked, account, null, Rules.NoStrategy);
            if (PausedUntil(d, account) is { } pause) return new(OutlookKind.Waits, account, pause, Rules.Promised) { Plan = plan };
            if (plan.StepId.Length == 0) return new(OutlookKind.Blocked, account, null, Rules.Exhausted) { Plan = plan };
            var strategy = d.Context.Strategies.FindVersion(plan.StrategyVersion);
            var step = d.Context.Strategies.FindStep(plan.StrategyVersion, plan.StepId);
            if (strategy is null || step is null || plan.DueAt is not { } due) return new(OutlookKind.Blocked, account, null, Rules.NoStrategy);

            var at = Instant.Max(due, d.Now);
            // Put off by its gateway to a time when it is over: what comes after it comes first.
            if (EndOf(d, account, plan, strategy, step) is { } end && end <= at) return new(OutlookKind.Waits, account, end, Rules.StepEnds) { Plan = plan };
            var (point, verdict) = Ask(d, account, step, at);
            if (verdict.IsPermit) return Open(d, account, plan, step, point, verdict, at);
            if (IsClosedOnItsDay(d, due, verdict))
            {
                if (Alternative(d, account, plan, strategy, step, at) is { } other) return other;
                if (step.WhileClosed == WhileClosed.Skip)
                {
                    if (due > d.Now) return new(OutlookKind.Waits, account, due, verdict.RuleId) { Plan = plan, Step = step, Point = point, Verdict = verdict };
                    // Bounded: each turn passes one step of the strategy for good.
                    plan = Plans.Pass(d, account, plan, StepPassing.Closed, d.Now, verdict.RuleId);
                    continue;
                }
            }

            var refused = new Outlook(OutlookKind.Blocked, account, null, verdict.RuleId)
            {
                Plan = plan,
                Step = step,
                Point = point,
                Verdict = verdict,
                IsRefused = due <= d.Now,
            };
            return Refused(d, refused, strategy, step);
        }
    }

    /// <summary>A gateway asked that the point be left alone for a while.</summary>
    public const string PointRests = "point.rests";

    /// <summary>The first point that may be used at the instant, else the one that may be used first.</summary>
    public static (ContactPoint? Point, Verdict Verdict) Ask(Draft d, ImmutableArray<Account> accounts, Step step, Instant at)
    {
        ContactPoint? best = null;
        var verdict = Verdict.Forbid(Rules.NoPoint);
        var tried = 0;
        while (PointChoice.Next(d.State, step.Channel, ref tried) is { } point)
        {
            var answer = point.RestsUntil > at ? Verdict.DeferUntil(point.RestsUntil.Value, PointRests) : Rules.Ask(d, step, point, accounts, at);
            if (answer.IsPermit) return (point, answer);
            var isSooner = answer.Kind == VerdictKind.Defer && (verdict.Kind != VerdictKind.Defer || answer.At < verdict.At);
            if (best is not null && !isSooner) continue;
            (best, verdict) = (point, answer);
        }

        return (best, verdict);
    }

    private static (ContactPoint? Point, Verdict Verdict) Ask(Draft d, Account account, Step step, Instant at) => Ask(d, [account], step, at);

    private static Outlook Open(Draft d, Account account, AccountPlan plan, Step step, ContactPoint? point, Verdict verdict, Instant at) =>
        new(at <= d.Now ? OutlookKind.Ready : OutlookKind.Waits, account, at <= d.Now ? plan.DueAt : at, "")
        {
            Plan = plan,
            Step = step,
            Point = point,
            Verdict = verdict,
        };

    /// <summary>Deferred: waits for the opening, or for the end of the step if that comes first. Forbidden: waits for a later step that is not.</summary>
    private static Outlook Refused(Draft d, Outlook refused, Strategy strategy, Step step)
    {
        if (refused.Verdict is { Kind: VerdictKind.Defer } verdict)
        {
            if (IsHeld(d, refused.Account, step.Channel)) return refused with { Kind = OutlookKind.Waits, At = verdict.At };
            var end = EndOf(d, refused.Account, refused.Plan!, strategy, step);
            return refused with { Kind = OutlookKind.Waits, At = end is { } e && e < verdict.At ? e : verdict.At };
        }

        if (IsHeld(d, refused.Account, step.Channel)) return refused with { Kind = OutlookKind.Held };
        foreach (var later in strategy.Steps)
        {
            if (later.Day <= step.Day) continue;
            var start = Instant.Max(Plans.StartOf(d, refused.Account, later), d.Now);
            if (MayBeDone(d, refused.Account, strategy, later, start)) return refused with { Kind = OutlookKind.Waits, At = start };
        }

        return refused;
    }

    /// <summary>The step, or what it may be replaced with, is not forbidden for good.</summary>
    private static bool MayBeDone(Draft d, Account account, Strategy strategy, Step step, Instant at)
    {
        if (Ask(d, account, step, at).Verdict.Kind != VerdictKind.Forbid) return true;
        if (step.WhileClosed is WhileClosed.Wait or WhileClosed.Skip) return false;
        foreach (var channel in ChannelsFor(d, strategy, step))
        {
            if (Ask(d, account, strategy.InChannel(step, channel), at).Verdict.Kind != VerdictKind.Forbid) return true;
        }

        return false;
    }

    /// <summary>When the step is over: it lapses, or the next one's day comes.</summary>
    private static Instant? EndOf(Draft d, Account account, AccountPlan plan, Strategy strategy, Step step) =>
        TimePassed.Earlier(plan.LapsesAt, Plans.NextStepAt(d, account, strategy, step.Day));

    private static bool IsClosedOnItsDay(Draft d, Instant due, Verdict verdict) =>
        verdict.Kind != VerdictKind.Defer || verdict.At >= d.Zones.StartEverywhere(d.LocalDates(due).First.PlusDays(1));

    /// <summary>Another channel for a step whose own stays closed, where the step says so and one opens before the step ends.</summary>
    private static Outlook? Alternative(Draft d, Account account, AccountPlan plan, Strategy strategy, Step step, Instant at)
    {
        if (step.WhileClosed is WhileClosed.Wait or WhileClosed.Skip) return null;
        var end = EndOf(d, account, plan, strategy, step) ?? Instant.MaxValue;
        Outlook? best = null;
        foreach (var channel in ChannelsFor(d, strategy, step))
        {
            var other = strategy.InChannel(step, channel);
            var (point, verdict) = Ask(d, account, other, at);
            if (verdict.IsPermit) return Open(d, account, plan, other, point, verdict, at);
            if (verdict.Kind != VerdictKind.Defer || verdict.At >= end || (best is not null && best.At <= verdict.At)) continue;
            best = new Outlook(OutlookKind.Waits, account, verdict.At, verdict.RuleId)
            {
                Plan = plan,
                Step = other,
                Point = point,
                Verdict = verdict,
                IsRefused = at <= d.Now,
            };
        }

        return best;
    }

    private static IEnumerable<ContactChannel> ChannelsFor(Draft d, Strategy strategy, Step step)
    {
        if (step.WhileClosed == WhileClosed.NextLawful)
        {
            foreach (var channel in strategy.Steps.Select(static s => s.Channel).Distinct())
            {
                if (channel != step.Channel) yield return channel;
            }

            yield break;
        }

        for (var index = d.State.Contacts.Length - 1; index >= 0; index--)
        {
            var contact = d.State.Contacts[index];
            if (contact.IsInbound || contact.IsUnplaced()) continue;
            if (contact.Channel != step.Channel) yield return contact.Channel;
            yield break;
        }
    }

    private static bool IsHeld(Draft d, Account account, ContactChannel channel)
    {
        foreach (var hold in d.State.Holds)
        {
            if (hold.IsInForce(d.Now) && Changes.Covers(hold, account) && (hold.Channels.IsEmpty || hold.Channels.Contains(channel))) return true;
        }

        return false;
    }

    private static Instant? PausedUntil(Draft d, Account account)
    {
        Instant? until = null;
        foreach (var promise in d.State.Promises)
        {
            if (promise.State != PromiseState.Pending || !(promise.Accounts.IsEmpty || promise.Accounts.Contains(account.Id))) continue;
            var end = TimePassed.PausedUntil(d, promise);
            if (end > d.Now && (until is null || end > until)) until = end;
        }

        return until;
    }
}
