using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>A call the debtor asked for: looked at before any step, inside the time that was asked for, about the first open account.</summary>
internal static class Callbacks
{
    /// <summary>Null: none asked for, or none that the rules permit in that time; the steps go on.</summary>
    public static Outlook? Of(Draft d)
    {
        if (d.State.Callback is not { } callback || FirstOpen(d.State) is not { } account) return null;
        var at = Instant.Max(callback.Earliest, d.Now);
        if (at >= callback.Latest) return null;
        var (point, verdict) = Ask(d, account, callback, at);
        var outlook = new Outlook(OutlookKind.Waits, account, at, "") { Step = Step, Point = point, Verdict = verdict };
        return verdict.Kind switch
        {
            VerdictKind.Permit when at <= d.Now => outlook with { Kind = OutlookKind.Ready },
            VerdictKind.Permit => outlook,
            VerdictKind.Defer when verdict.At < callback.Latest => outlook with { At = verdict.At, RuleId = verdict.RuleId },
            _ => null,
        };
    }

    private static readonly Step Step = new()
    {
        Id = Plans.CallbackStep,
        Day = 0,
        Channel = ContactChannel.Call,
        Mode = PlacementMode.Preview,
        Purpose = ContactPurpose.RequestedCallback,
        Priority = 0,
    };

    private static (ContactPoint? Point, Verdict Verdict) Ask(Draft d, Account account, Callback callback, Instant at)
    {
        if (callback.Point == default) return Lookahead.Ask(d, [account], Step, at);
        var tried = 0;
        while (PointChoice.Next(d.State, Step.Channel, ref tried) is { } point)
        {
            if (point.Id == callback.Point) return (point, Rules.Ask(d, Step, point, [account], at));
        }

        return (null, Verdict.Forbid(Rules.NoPoint));
    }

    private static Account? FirstOpen(DebtorState state)
    {
        foreach (var account in state.Accounts)
        {
            if (account.IsOpen) return account;
        }

        return null;
    }
}
