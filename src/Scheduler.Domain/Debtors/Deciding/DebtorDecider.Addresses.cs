using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <content>What comes from an address, or is known of one, and not of a debtor.</content>
public static partial class DebtorDecider
{
    private const string OfAddress = "address";

    /// <summary>Addresses of the named points, and of the one that the dispatch went to, as the debtor lists them; with the dispatch's channel.</summary>
    /// <param name="dispatch">Of an empty id: none.</param>
    /// <param name="alias">Debtor that it was said of, where that is an alias; empty otherwise.</param>
    public static (ImmutableArray<string> Addresses, ContactChannel Channel) SourcesOf(DebtorState state, DispatchId dispatch, ImmutableArray<PointId> points, string alias)
    {
        if (alias.Length == 0 && dispatch.TryParse(out var debtor, out _) && state.Merged.Any(merged => merged.Debtor == debtor)) alias = debtor;
        var named = alias.Length == 0 ? points : [.. points.Select(point => AliasNames.PointOf(state, point, alias))];
        var (used, channel) = state.Lease is { } lease && lease.Dispatch == dispatch
            ? (lease.Point, lease.Channel)
            : state.FindContact(dispatch.Value) is { } contact ? (contact.Point, contact.Channel) : default;
        ImmutableArray<string> addresses =
        [
            .. state.Points.Where(point => point.Address.Length > 0 && (point.Id == used || named.Contains(point.Id))).Select(static point => point.Address).Distinct(StringComparer.Ordinal),
        ];
        return (addresses, channel);
    }

    /// <summary>
    /// A signal from an address, as it concerns one of the debtors that list it. Nobody knows which of them wrote: what restricts binds
    /// each whole, where it names points those with the address; what permits holds for the address alone, and accounts that are another's are left out.
    /// </summary>
    private static SignalCommand AtAddress(Draft d, SignalCommand c) => c.Fact switch
    {
        _ when c.Address.Length == 0 => c,
        SignalFact.Inbound inbound => c with { Fact = AtAddress(d, c, inbound) },
        SignalFact.CallbackRequested { Point: var point } asked when point == default => c with { Fact = asked with { Point = PointAt(d, c) } },
        SignalFact.ConsentSaid(var consent) when !Changes.IsRefusal(consent) || !consent.Points.IsEmpty => c with { Fact = new SignalFact.ConsentSaid(consent with { Points = PointsAt(d.State, c.Address) }) },
        _ => c,
    };

    private static SignalFact.Inbound AtAddress(Draft d, SignalCommand c, SignalFact.Inbound inbound)
    {
        if (inbound.Point == default) inbound = inbound with { Point = PointAt(d, c) };
        if (inbound.Discussed.IsEmpty) return inbound;
        ImmutableArray<AccountId> own = [.. inbound.Discussed.Where(id => Changes.IndexOf(d.State.Accounts, id) >= 0)];
        if (!own.IsEmpty) return inbound with { Discussed = own };
        // It was about another's debts: what it asks for the person still binds, what it says of those debts does not.
        var isAboutDebts = inbound.Intent is InboundIntent.Dispute or InboundIntent.PaymentClaimed;
        return inbound with { Discussed = own, IsTwoWay = false, Intent = isAboutDebts ? InboundIntent.Conversation : inbound.Intent };
    }

    /// <summary>The first point with the signal's address, an open one if there is one; default where the debtor does not list it.</summary>
    private static PointId PointAt(Draft d, SignalCommand c)
    {
        PointId found = default;
        foreach (var point in d.State.Points)
        {
            if (!AddressForm.AreSame(point.Address, c.Address)) continue;
            if (point.IsOpen) return point.Id;
            if (found == default) found = point.Id;
        }

        return found;
    }

    private static ImmutableArray<PointId> PointsAt(DebtorState state, string address) =>
        [.. state.Points.Where(point => AddressForm.AreSame(point.Address, address)).Select(static point => point.Id)];

    /// <summary>The points that a fact about one of them is about: the named one, or all with the signal's address.</summary>
    private static ImmutableArray<PointId> PointsOf(Draft d, SignalCommand c, PointId named)
    {
        if (c.Address.Length > 0) return PointsAt(d.State, c.Address);
        return PointOf(d.State.Points, named) is null ? [] : [named];
    }

    /// <summary>
    /// A number that was given to somebody else: the point closes, when it was confirmed and checked says nothing any more, and what was
    /// agreed about it ends. Agreement from before is none, also when the source lists the number as confirmed again.
    /// </summary>
    private static void EndPoint(Draft d, PointId point, Instant at, string cause)
    {
        at = Instant.Min(at, d.Now);
        d.SetPoint(point, PointStatus.Reassigned, at, cause);
        d.WithdrawAt(point, default, $"reassigned:{point}:{at.ToUnixTimeMilliseconds()}", at, Reassigned);
    }

    private const string Reassigned = "reassigned";

    /// <summary>Whether the point is closed for reassignment, and nothing has confirmed it since.</summary>
    private static bool IsStillReassigned(DebtorState state, ContactPoint known, Instant? confirmedAt)
    {
        if (known.Status != PointStatus.Reassigned) return false;
        foreach (var fact in state.Consents)
        {
            if (fact.Method == Reassigned && fact.Points.Contains(known.Id) && !(confirmedAt > fact.GivenAt)) return true;
        }

        return false;
    }

    /// <summary>
    /// What is known of addresses that the debtor has come to list. A wrong or reassigned number is closed unless it was confirmed since; a
    /// stop, also of a person erased, withdraws for that point what was agreed before it.
    /// </summary>
    private static void BindAddresses(Draft d, ImmutableArray<ListedAddressFact> facts)
    {
        foreach (var (id, fact) in facts)
        {
            if (PointOf(d.State.Points, id) is not { } point) continue;
            var isConfirmedSince = point.ConfirmedAt > fact.At;
            switch (fact.Kind)
            {
                case AddressFactKind.WrongPerson when !isConfirmedSince && point.IsOpen:
                    d.SetPoint(id, PointStatus.WrongPerson, fact.At, OfAddress);
                    break;
                case AddressFactKind.Reassigned when isConfirmedSince:
                    d.WithdrawAt(id, default, $"reassigned:{id}:{fact.At.ToUnixTimeMilliseconds()}", fact.At, Reassigned);
                    break;
                case AddressFactKind.Reassigned:
                    EndPoint(d, id, fact.At, OfAddress);
                    break;
                case AddressFactKind.Stopped or AddressFactKind.Erased:
                    var channels = fact.Channel == ContactChannel.Unknown ? default : ChannelSet.Of(fact.Channel);
                    d.WithdrawAt(id, channels, $"address:{id}:{(int)fact.Kind}:{(int)fact.Channel}:{fact.At.ToUnixTimeMilliseconds()}", fact.At, OfAddress);
                    break;
            }
        }
    }
}
