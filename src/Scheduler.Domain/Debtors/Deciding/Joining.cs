using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// Puts what is known of one debtor to what is known of another, each change with its event. What restricted either restricts both: contacts
/// are all counted, holds stay, a withdrawal that stood for either stands from now, and closed points are closed.
/// </summary>
internal static class Joining
{
    /// <summary>Begins the source of contacts that came with a debtor; the checker takes one that it knows already once more.</summary>
    public const string MergeCause = "merge:";

    public static Refusal? Join(Draft d, DebtorState gone)
    {
        var (from, former) = (gone.Key.Debtor, d.State);
        if (LimitOf(d.State, gone) is { } refusal) return refusal;
        JoinProfile(d, gone.Profile);
        d.State = d.State with { FormerDebts = [.. d.State.FormerDebts.Union(gone.FormerDebts)] };
        var points = JoinPoints(d, gone);
        foreach (var account in gone.Accounts) JoinAccount(d, account, gone);
        foreach (var contact in gone.Contacts) JoinContact(d, contact, points, from);
        // Where the other knew it by another debt, or it did not fit in, its contacts were about that debt all the same.
        foreach (var account in gone.Accounts.Where(account => d.State.Accounts.All(known => known.Id != account.Id || known.DebtKey != account.DebtKey))) d.KeepDebtOf(account);
        if (d.State.Contacts.Length > DebtorLimits.Contacts) return TooMany("contacts", DebtorLimits.Contacts);
        var names = ImmutableArray.CreateBuilder<AliasName>();
        foreach (var (id, name) in points) names.Add(new AliasName(AliasKind.Point, id.Value, name.Value));
        JoinConsents(d, former, gone, points, names);
        foreach (var hold in gone.Holds)
        {
            var kept = d.State.Holds.Any(h => h.Id == hold.Id && h != hold) ? hold with { Id = Renamed(hold.Id, from) } : hold;
            names.Add(new AliasName(AliasKind.Hold, hold.Id, kept.Id));
            d.PlaceRefusal(kept, Cause(from));
        }

        foreach (var promise in gone.Promises) names.Add(new AliasName(AliasKind.Promise, promise.Id, JoinPromise(d, promise, from)));
        if (d.State.Callback is null && gone.Callback is { } asked) d.State = d.State with { Callback = asked with { Point = Name(points, asked.Point, from) } };
        var merged = gone.Merged.Where(m => d.State.Merged.All(known => known.Debtor != m.Debtor)).Select(m => AliasNames.Through(m, names.ToImmutable()))
            .Prepend(AliasNames.With(new MergedDebtor(from, gone.SourceVersion), names.ToImmutable()));
        d.State = d.State with
        {
            Merged = [.. d.State.Merged, .. merged],
            Parts = [.. d.State.Parts.Union(gone.Parts)],
            Applied = [.. d.State.Applied.Concat(gone.Applied).DistinctBy(static a => a.Key).OrderBy(static a => a.At).TakeLast(DebtorLimits.Applied)],
        };
        if (d.State.Parts.Length > DebtorLimits.Parts) return TooMany("splits", DebtorLimits.Parts);
        return d.State.Merged.Length > DebtorLimits.Merged ? TooMany("merged debtors", DebtorLimits.Merged) : null;
    }

    /// <summary>Points that an alias's source lists: those it names are added or changed, none leaves.</summary>
    /// <param name="names">What each of them is called here.</param>
    public static ImmutableArray<ContactPoint> Named(DebtorState state, ImmutableArray<ContactPoint> points, string from, Dictionary<PointId, PointId>? names = null)
    {
        var all = state.Points.ToBuilder();
        foreach (var point in points)
        {
            var same = IndexOf(all, known => known.Kind == point.Kind && AddressForm.AreSame(known.Address, point.Address));
            if (same >= 0)
            {
                names?.TryAdd(point.Id, all[same].Id);
                all[same] = point with { Id = all[same].Id, Address = all[same].Address };
                continue;
            }

            var id = state.Points.Any(known => known.Id == point.Id) ? new PointId(Renamed(point.Id.Value, from)) : point.Id;
            names?.TryAdd(point.Id, id);
            var own = IndexOf(all, known => known.Id == id);
            if (own >= 0) all[own] = point with { Id = id };
            else all.Add(point with { Id = id });
        }

        return all.ToImmutable();
    }

    private static Refusal? LimitOf(DebtorState state, DebtorState gone)
    {
        var open = state.Accounts.Count(static a => a.IsOpen) + gone.Accounts.Count(a => a.IsOpen && state.Accounts.All(known => known.Id != a.Id));
        if (open > DebtorLimits.Accounts) return TooMany("accounts", DebtorLimits.Accounts);
        if (Named(state, gone.Points, gone.Key.Debtor).Length > DebtorLimits.Points) return TooMany("contact_points", DebtorLimits.Points);
        return state.Promises.Length + gone.Promises.Length > DebtorLimits.Promises ? TooMany("promises", DebtorLimits.Promises) : null;
    }

    private static Refusal TooMany(string what, int limit) => new(RefusalReasons.LimitReached, "merged_debtor_id", $"Together they would have more than {limit} {what}.");

    /// <summary>Every hint of place of either is one more zone and law that must permit.</summary>
    private static void JoinProfile(Draft d, DebtorProfile gone)
    {
        var own = d.State.Profile;
        var joined = own with
        {
            Locations = [.. own.Locations.Concat(gone.Locations).Distinct()],
            Language = own.Language.Length > 0 ? own.Language : gone.Language,
            LanguageRequested = own.LanguageRequested || gone.LanguageRequested,
            IsMinor = own.IsMinor || gone.IsMinor,
            EmployerForbidsContact = own.EmployerForbidsContact || gone.EmployerForbidsContact,
            RiskScore = own.RiskScore ?? gone.RiskScore,
            Tags = [.. own.Tags.Concat(gone.Tags).Distinct()],
        };
        d.State = d.State with { Profile = joined };
        d.Record(new DebtorEvent.ProfileReplaced(d.Now, joined));
    }

    /// <summary>Answers what the other's points are called here.</summary>
    private static Dictionary<PointId, PointId> JoinPoints(Draft d, DebtorState gone)
    {
        var names = new Dictionary<PointId, PointId>();
        var all = d.State.Points.ToBuilder();
        foreach (var point in gone.Points)
        {
            var same = IndexOf(all, known => known.Kind == point.Kind && AddressForm.AreSame(known.Address, point.Address));
            if (same >= 0)
            {
                names[point.Id] = all[same].Id;
                all[same] = Stricter(all[same], point);
                continue;
            }

            var id = all.Any(known => known.Id == point.Id) ? new PointId(Renamed(point.Id.Value, gone.Key.Debtor)) : point.Id;
            names[point.Id] = id;
            all.Add(point with { Id = id });
        }

        d.State = d.State with { Points = all.ToImmutable() };
        d.Record(new DebtorEvent.PointsReplaced(d.Now, d.State.Points));
        if (d.State.Lease is { } lease && !d.State.Points.Any(p => p.Id == lease.Point && p.IsOpen)) d.Revoke(RevokeReasons.PointClosed);
        return names;
    }

    private static ContactPoint Stricter(ContactPoint own, ContactPoint gone)
    {
        var status = !own.IsOpen ? own.Status : !gone.IsOpen || gone.Status == PointStatus.Confirmed ? gone.Status : own.Status;
        var carried = new ChannelSet((ushort)(PointChoice.CarriedBy(own).Bits & PointChoice.CarriedBy(gone).Bits));
        return own with
        {
            Status = carried.IsEmpty && status is PointStatus.Unverified or PointStatus.Confirmed && carried.IsEmpty ? PointStatus.Unreachable : status,
            Channels = own.Channels.IsEmpty && gone.Channels.IsEmpty ? own.Channels : carried.IsEmpty ? own.Channels : carried,
            Place = own.Place == gone.Place ? own.Place : PointPlace.Unknown,
            ConfirmedAt = Later(own.ConfirmedAt, gone.ConfirmedAt),
            ReassignmentCheckedAt = Later(own.ReassignmentCheckedAt, gone.ReassignmentCheckedAt),
        };
    }

    /// <summary>Where both owe it, what is known here stands, and closed for either is closed.</summary>
    private static void JoinAccount(Draft d, Account account, DebtorState gone)
    {
        var index = Changes.IndexOf(d.State.Accounts, account.Id);
        if (index >= 0)
        {
            if (account.Closed is { } reason) d.Close(account.Id, reason, d.Now);
            return;
        }

        var kept = d.State.Accounts;
        // The log has closed accounts; there may be room only for open ones.
        if (kept.Length >= DebtorLimits.Accounts && !account.IsOpen) return;
        if (kept.Length >= DebtorLimits.Accounts)
        {
            var leaves = kept.First(static a => !a.IsOpen);
            d.KeepDebtOf(leaves);
            kept = kept.Remove(leaves);
        }

        d.State = d.State with { Accounts = kept.Add(account), Plans = d.State.Plans.AddRange(gone.Plans.Where(p => p.Account == account.Id)) };
        d.Record(new DebtorEvent.AccountEntered(d.Now, account with { Variables = [] }));
        if (account.Closed is { } closed) d.Record(new DebtorEvent.AccountClosed(d.Now, account.Id, closed));
    }

    /// <summary>The same contact seen from both is one contact about the accounts of both.</summary>
    private static void JoinContact(Draft d, ContactRecord contact, Dictionary<PointId, PointId> points, string from)
    {
        if (contact.IsUnplaced()) return;
        var dated = d.WithDates(contact);
        var joined = contact with
        {
            Point = Name(points, contact.Point, from),
            FirstDate = LocalDate.Min(contact.FirstDate, dated.FirstDate),
            LastDate = LocalDate.Max(contact.LastDate, dated.LastDate),
        };
        if (d.State.FindContact(contact.Id) is { } known)
        {
            var both = known with
            {
                Accounts = Both(known.Accounts, contact.Accounts),
                Discussed = Both(known.Discussed, contact.Discussed),
                FirstDate = LocalDate.Min(known.FirstDate, joined.FirstDate),
                LastDate = LocalDate.Max(known.LastDate, joined.LastDate),
                DeliveredAt = known.DeliveredAt ?? contact.DeliveredAt,
                Facts = FactJoin.Worse(known.Facts, contact.Facts),
                Standing = Worse(known.Standing, contact.Standing),
                SettlesAt = Later(known.SettlesAt, contact.SettlesAt),
                ReceiptKinds = known.ReceiptKinds | contact.ReceiptKinds,
                IsCounted = known.IsCounted || contact.IsCounted,
            };
            d.State = d.State with { Contacts = d.State.Contacts.Replace(known, both) };
            d.Record(new DebtorEvent.ContactSeeded(both.PlacedAt, both, Cause(from), Counted: true));
            return;
        }

        if (!d.Context.Policy.MayCount(d.State, joined, d.Now) && contact.SettlesAt is null) return;
        var list = d.State.Contacts;
        var at = list.Length;
        while (at > 0 && list[at - 1].PlacedAt > joined.PlacedAt) at--;
        d.State = d.State with { Contacts = list.Insert(at, joined) };
        d.Record(new DebtorEvent.ContactSeeded(joined.PlacedAt, joined, Cause(from), Counted: true));
    }

    /// <summary>Empty means all: where either was about all, so is the contact.</summary>
    private static ImmutableArray<AccountId> Both(ImmutableArray<AccountId> one, ImmutableArray<AccountId> other) =>
        one.IsEmpty || other.IsEmpty ? [] : [.. one.Union(other)];

    /// <summary>Silence counts as the worst; then what is still awaited; what is settled counts as what is known of it.</summary>
    private static ContactStanding Worse(ContactStanding one, ContactStanding other)
    {
        foreach (var worst in (ReadOnlySpan<ContactStanding>)[ContactStanding.Unresolved, ContactStanding.Reserved, ContactStanding.Placed])
        {
            if (one == worst || other == worst) return worst;
        }

        return one;
    }

    /// <summary>A withdrawal that stands for either is said again, from now: a grant that the other gave later does not undo it.</summary>
    private static void JoinConsents(
        Draft d, DebtorState former, DebtorState gone, Dictionary<PointId, PointId> points, ImmutableArray<AliasName>.Builder names)
    {
        var from = gone.Key.Debtor;
        var own = former.Consents;
        ImmutableArray<ConsentFact> theirs = [.. gone.Consents.Select(fact => fact with
        {
            Id = own.Any(known => known.Id == fact.Id) ? Renamed(fact.Id, from) : fact.Id,
            Points = [.. fact.Points.Select(point => Name(points, point, from))],
        })];
        names.AddRange(gone.Consents.Zip(theirs, static (said, kept) => new AliasName(AliasKind.Consent, said.Id, kept.Id)));
        var all = ConsentReach.Of(d.State, d.State.Points.Select(static point => point.Id));
        BindOwn(d, ConsentReach.Of(former, former.Points.Select(static point => point.Id)), all, from);
        var reach = ConsentReach.Of(gone, points.Values);
        foreach (var fact in theirs.SelectMany(fact => reach.Bound(fact, IsMoot(fact, theirs), all)))
        {
            if (Changes.IsRefusal(fact) || d.State.Consents.Length < DebtorLimits.Consents) d.RecordConsent(fact, Cause(from));
        }

        foreach (var fact in Standing(own).Concat(Standing(theirs)))
        {
            d.RecordConsent(fact with { Id = Renamed(fact.Id, "merge"), GivenAt = d.Now }, Cause(from));
        }
    }

    /// <summary>What the debtor agreed to before does not come to be about what the other brings.</summary>
    private static void BindOwn(Draft d, ConsentReach own, ConsentReach all, string from)
    {
        var ledger = d.State.Consents;
        var bound = ImmutableArray.CreateBuilder<ConsentFact>(ledger.Length);
        foreach (var fact in ledger)
        {
            foreach (var one in own.Bound(fact, IsMoot(fact, ledger), all))
            {
                if (!Changes.IsRefusal(one) && bound.Count >= DebtorLimits.Consents) continue;
                bound.Add(one);
                if (!ReferenceEquals(one, fact)) d.Record(new DebtorEvent.ConsentRecorded(one.GivenAt, one, Cause(from)));
            }
        }

        d.State = d.State with { Consents = bound.ToImmutable() };
    }

    /// <summary>Withdrawals that no later grant of the same ledger answers in full.</summary>
    private static IEnumerable<ConsentFact> Standing(ImmutableArray<ConsentFact> ledger) =>
        ledger.Where(fact => fact.Kind == ConsentKind.Withdrawn && !IsMoot(fact, ledger));

    private static bool IsMoot(ConsentFact fact, ImmutableArray<ConsentFact> ledger) =>
        fact.Kind == ConsentKind.Withdrawn && ledger.Any(later => later.Kind == ConsentKind.Granted && later.GivenAt > fact.GivenAt && Answers(later, fact));

    private static bool Answers(ConsentFact grant, ConsentFact withdrawal) =>
        grant.ExpiresAt is null
        && (grant.Channels.IsEmpty || (!withdrawal.Channels.IsEmpty && withdrawal.Channels.Except(grant.Channels).IsEmpty))
        && (grant.Points.IsEmpty || (!withdrawal.Points.IsEmpty && withdrawal.Points.All(grant.Points.Contains)))
        && (grant.CreditorId.Length == 0 || grant.CreditorId == withdrawal.CreditorId)
        && grant.Purposes.IsEmpty == withdrawal.Purposes.IsEmpty && withdrawal.Purposes.All(grant.Purposes.Contains);

    /// <summary>Answers what it is called here.</summary>
    private static string JoinPromise(Draft d, Promise promise, string from)
    {
        var kept = d.State.Promises.Any(p => p.Id == promise.Id) ? promise with { Id = Renamed(promise.Id, from) } : promise;
        d.State = d.State with { Promises = d.State.Promises.Add(kept) };
        d.Record(new DebtorEvent.PromiseChanged(d.Now, kept));
        return kept.Id;
    }

    private static PointId Name(Dictionary<PointId, PointId> points, PointId point, string from) =>
        point == default ? default : points.TryGetValue(point, out var name) ? name : new PointId(Renamed(point.Value, from));

    public static string Renamed(string id, string from)
    {
        const int IdLength = 128;
        var name = $"{id}@{from}";
        return name.Length <= IdLength ? name : $"{name[..(IdLength - 17)]}~{new FieldDigest().Add(name).Value:x16}";
    }

    private static string Cause(string from) => MergeCause + from;

    private static Instant? Later(Instant? a, Instant? b) => a is not { } x ? b : b is not { } y ? a : Instant.Max(x, y);

    private static int IndexOf(ImmutableArray<ContactPoint>.Builder points, Func<ContactPoint, bool> isIt)
    {
        for (var index = 0; index < points.Count; index++)
        {
            if (isIt(points[index])) return index;
        }

        return -1;
    }
}
