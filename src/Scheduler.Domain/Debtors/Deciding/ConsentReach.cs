using System.Collections.Immutable;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>Points and creditors that a debtor's facts were said about where they name none.</summary>
internal sealed record ConsentReach(ImmutableArray<PointId> Points, ImmutableArray<string> Creditors)
{
    public static ConsentReach Of(DebtorState debtor, IEnumerable<PointId> points) =>
        new([.. points.Distinct()], [.. debtor.Accounts.Select(static account => account.CreditorId).Distinct(StringComparer.Ordinal)]);

    /// <summary>
    /// The fact where it is one among <paramref name="all"/>: what permits, or takes back what forbade, is about no more than it was; where that
    /// was nothing, it is left out. What forbids stays as wide as it was said.
    /// </summary>
    /// <param name="isMoot">A withdrawal that a later grant answers: it is as wide as that grant.</param>
    public IEnumerable<ConsentFact> Bound(ConsentFact fact, bool isMoot, ConsentReach all)
    {
        var permits = !Changes.IsRefusal(fact) || isMoot || fact is { Kind: ConsentKind.HoursForbidden, Hours.IsEmpty: true };
        var isAtPoints = permits && fact.Points.IsEmpty && Points.Length < all.Points.Length;
        var isOfCreditors = permits && fact.CreditorId.Length == 0 && Creditors.Length < all.Creditors.Length;
        if (!isAtPoints && !isOfCreditors) return [fact];
        if (isAtPoints && Points.IsEmpty) return [];
        var here = isAtPoints ? fact with { Points = Points } : fact;
        if (!isOfCreditors) return [here];
        ImmutableArray<string> named = [.. Creditors.Where(static creditor => creditor.Length > 0)];
        return named.Select((creditor, index) => here with { Id = index == 0 ? here.Id : Joining.Renamed(here.Id, creditor), CreditorId = creditor });
    }
}
