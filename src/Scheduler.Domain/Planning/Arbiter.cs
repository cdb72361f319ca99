using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Planning;

/// <summary>
/// Picks one dispatch for the debtor: a call that was asked for, then the most urgent step, then the one due longest. Accounts of the
/// same creditor whose steps want the same channel, point, mode and purpose go along; never two creditors in one dispatch.
/// </summary>
internal static class Arbiter
{
    public static Dispatchable? Pick(Draft d, List<Outlook> outlooks, Outlook? callback)
    {
        if (callback is { Kind: OutlookKind.Ready }) return Single(callback);
        Outlook? first = null;
        foreach (var outlook in outlooks)
        {
            if (outlook.Kind == OutlookKind.Ready && (first is null || IsBefore(outlook, first))) first = outlook;
        }

        if (first is null) return null;
        var joined = ImmutableArray.CreateBuilder<Account>(1);
        joined.Add(first.Account);
        foreach (var outlook in outlooks)
        {
            if (!ReferenceEquals(outlook, first) && outlook.Kind == OutlookKind.Ready && GoesAlong(outlook, first)) joined.Add(outlook.Account);
        }

        if (joined.Count == 1) return Single(first);
        var accounts = joined.DrainToImmutable();
        var verdict = Rules.Ask(d, first.Step!, first.Point!, accounts, d.Now);
        return verdict.IsPermit ? Single(first) with { Accounts = accounts, Verdict = verdict } : Single(first);
    }

    private static Dispatchable Single(Outlook outlook) =>
        new(outlook.Step!, outlook.Point!, [outlook.Account], outlook.Verdict!.Value, outlook.At ?? Instant.MinValue, outlook.Plan);

    private static bool GoesAlong(Outlook other, Outlook first) =>
        other.Account.CreditorId == first.Account.CreditorId && other.Step!.Channel == first.Step!.Channel && other.Point!.Id == first.Point!.Id
        && other.Step.Mode == first.Step.Mode && other.Step.Purpose == first.Step.Purpose;

    /// <summary>Total order, so that the same state always gives the same pick.</summary>
    private static bool IsBefore(Outlook a, Outlook b)
    {
        var byPriority = a.Step!.Priority.CompareTo(b.Step!.Priority);
        if (byPriority != 0) return byPriority < 0;
        var byDue = (a.At ?? Instant.MinValue).CompareTo(b.At ?? Instant.MinValue);
        return byDue != 0 ? byDue < 0 : string.CompareOrdinal(a.Account.Id.Value, b.Account.Id.Value) < 0;
    }
}
