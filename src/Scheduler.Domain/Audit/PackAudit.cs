using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Judges one grant by one pack of the time: walks the minutes of its windows on the clocks on the walls, counts contacts one by one. Of the
/// policy it shares what a pack says, never how it is judged. Messages' notices and the age of a point's confirmation are not in the log.
/// </summary>
internal sealed class PackAudit(AuditedDebtor debtor, Lease lease, Instant at, LeaseProof proof, RulePack pack, AuditedPacks packs, AuditedOthers others)
{
    private static readonly DebtorKey Nobody = new("", "");

    /// <summary>What is not delivered after so many days is not delivered any more.</summary>
    private const int DeliveryDays = 31;

    private const int MinutesOfDay = 24 * 60;

    private readonly ImmutableArray<Account> _accounts = [.. lease.Accounts.Where(debtor.Accounts.ContainsKey).Select(id => debtor.Accounts[id])];
    private readonly LocalDate _first = proof.Zones.Select(zone => zone.Local.Date).DefaultIfEmpty(at.InUtc().Date).Min();
    private readonly LocalDate _last = proof.Zones.Select(zone => zone.Local.Date).DefaultIfEmpty(at.InUtc().Date).Max();

    /// <summary>Caps that are exceeded by what became known of other parties too late.</summary>
    public int LateFacts { get; private set; }

    /// <param name="standing">The consent that stands for a purpose; null: none.</param>
    public IEnumerable<(ViolationKind Kind, string Detail)> Run(Func<ContactPurpose, ConsentFact?> standing)
    {
        if (pack.Applies.Channel is { } only && only != lease.Channel) yield break;
        if (!debtor.Points.TryGetValue(lease.Point, out var point)) yield break;
        foreach (var rule in pack.Rules)
        {
            if (!rule.Governs.Governs(lease.Channel, lease.Purpose, proof.Place) || !IsInForce(rule) || !Binds(rule.When, point)) continue;
            var found = rule switch
            {
                Rule.Window window => Window(window),
                Rule.Counter counter => Counter(counter, point),
                Rule.Party party => party.Allowed.Contains((int)lease.Role) ? null : (ViolationKind.WrongParty, $"{lease.Role} is not among those who may be contacted"),
                Rule.Consent consent => Consent(standing(consent.PerPurpose ? lease.Purpose : ContactPurpose.Collection)),
                Rule.Forbid forbid => IsReleased(forbid.Unless, point, standing) ? null : (ViolationKind.Forbidden, $"{lease.Channel} for {lease.Purpose}"),
                _ => ((ViolationKind, string)?)null,
            };
            if (found is var (kind, detail) && !IsLifted(rule, point)) yield return (kind, $"{rule.Id}: {detail}");
        }
    }

    private bool IsInForce(Rule rule) => IsInForce(pack.ValidFrom, pack.ValidTo) && IsInForce(rule.ValidFrom, rule.ValidTo);

    private bool IsInForce(LocalDate? from, LocalDate? to) => !(from > _last) && !(to < _first);

    private bool Binds(FactFilter when, ContactPoint point) => _accounts.IsEmpty ? Matches(when, point, null, _last) : _accounts.Any(account => Matches(when, point, account, _last));

    private bool Matches(FactFilter filter, ContactPoint point, Account? account, LocalDate today) => filter.Matches(
        new PolicyQuestion
        {
            Debtor = new DebtorState { Key = Nobody, Profile = debtor.Profile },
            Channel = lease.Channel,
            Point = point,
            Accounts = _accounts,
            At = at,
            Purpose = lease.Purpose,
            Mode = lease.Mode,
            Role = lease.Role,
            // A log that does not say is taken as it favours the service: what is found here is surely wrong.
            Promotes = lease.Promotes ?? false,
        },
        account,
        today);

    private (ViolationKind, string)? Window(Rule.Window rule)
    {
        if (!IsOpen(rule, at)) return (ViolationKind.OutsideWindow, $"closed {Where(at)}");
        for (var minute = at; minute < lease.NotAfter; minute += Duration.FromMinutes(1))
        {
            if (!IsOpen(rule, minute)) return (ViolationKind.NotAfterBeyondWindow, $"not_after is {lease.NotAfter}; closed {Where(minute)}");
        }

        if (!IsOpen(rule, lease.NotAfter - Duration.Epsilon)) return (ViolationKind.NotAfterBeyondWindow, $"not_after is {lease.NotAfter}; closed {Where(lease.NotAfter)}");
        if ((rule.JudgedAt & JudgedAt.Delivered) == 0) return null;
        if (lease.DeliverBefore is not { } end) return Closes(rule) ? (ViolationKind.DeliveredBeyondWindow, "may be delivered at any time") : null;
        return IsOpen(rule, end - Duration.Epsilon) ? null : (ViolationKind.DeliveredBeyondWindow, $"deliver_before is {end}; closed {Where(end)}");
    }

    /// <summary>Whether the window closes at all between the lease and its rule's last day: what is open round the clock needs no bound.</summary>
    private bool Closes(Rule.Window rule)
    {
        var last = new[] { rule.ValidTo, pack.ValidTo, _last.PlusDays(DeliveryDays) }.OfType<LocalDate>().Min();
        return Zones().Any(zone =>
        {
            for (var date = WallClock.At(zone, at).Date; date <= last; date = date.PlusDays(1))
            {
                if (rule.ClosedOn is { } calendar && packs.IsClosed(calendar, date, debtor.Profile.Locations)) return true;
                if (Enumerable.Range(0, MinutesOfDay).Any(minute => !Includes(rule.Week.Hours, date.AtMidnight().PlusMinutes(minute)))) return true;
            }

            return false;
        });
    }

    private bool IsOpen(Rule.Window rule, Instant instant) => Zones().All(zone =>
    {
        var local = WallClock.At(zone, instant);
        var isHoliday = rule.ClosedOn is { } calendar && packs.IsClosed(calendar, local.Date, debtor.Profile.Locations);
        return (!isHoliday && Includes(rule.Week.Hours, local)) || IsAskedFor(rule, local, isHoliday);
    });

    private static bool Includes(ImmutableArray<WeeklyHours> hours, LocalDateTime local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        return hours.Any(span => span.Includes(local.DayOfWeek) && minute >= span.StartMinute && minute < span.EndMinute);
    }

    /// <summary>The zones that the pack is asked in: all of them, unless it may speak for some of the places only.</summary>
    private IEnumerable<string> Zones()
    {
        var zones = proof.Zones.Select(zone => zone.ZoneId).ToList();
        var scope = pack.Applies;
        var places = debtor.Profile.Locations;
        var isOneCountry = places.Select(place => place.CountryCode).Distinct().Count() == 1;
        if (zones.Count <= 1 || (isOneCountry && scope.Region.Length == 0 && scope.Municipality.Length == 0)) return zones;
        if (places.All(place => place.CountryCode == scope.Country && AuditedPacks.RegionOf(place) == scope.Region && scope.Municipality.Length == 0)) return zones;
        return places.Where(place => scope.Country.Length > 0 && place.CountryCode == scope.Country && place.ZoneId.Length > 0
            && (scope.Region.Length == 0 || AuditedPacks.RegionOf(place) == scope.Region)).Select(place => place.ZoneId).Intersect(zones);
    }

    private bool IsAskedFor(Rule.Window rule, LocalDateTime local, bool isHoliday) => pack.Exceptions.Any(exception =>
        exception.IsRequestedHours && exception.Lifts.Contains(rule.Id) && IsInForce(exception.ValidFrom, exception.ValidTo)
        && debtor.Consents.Any(fact => fact.Kind == ConsentKind.HoursExtended && IsAbout(fact) && fact.GivenAt <= at && !(fact.ExpiresAt <= at)
            && AcceptsPaper(exception, fact) && (fact.AlsoOnHolidays || !isHoliday) && Includes(fact.Hours, local)));

    private bool IsAbout(ConsentFact fact) =>
        (fact.Channels.IsEmpty || fact.Channels.Contains(lease.Channel)) && (fact.Points.IsEmpty || fact.Points.Contains(lease.Point))
        && (fact.CreditorId.Length == 0 || fact.CreditorId == Creditor);

    private string Creditor => _accounts.IsEmpty ? proof.CreditorId : _accounts[0].CreditorId;

    private bool AcceptsPaper(RuleException exception, ConsentFact fact) =>
        (exception.Instruments.IsAll || exception.Instruments.Contains((int)fact.Instrument)) && (!exception.GivenDirectly || fact.GivenDirectly)
        && (!exception.GivenAfterContract || _accounts.All(account => account.ContractOn is { } contract && FirstDateOf(fact.GivenAt) > contract));

    private LocalDate FirstDateOf(Instant instant) => proof.Zones.Select(zone => WallClock.At(zone.ZoneId, instant).Date).DefaultIfEmpty(instant.InUtc().Date).Min();

    private (ViolationKind, string)? Counter(Rule.Counter rule, ContactPoint point)
    {
        var isPerAccount = (rule.Scope & (CountScope.Debt | CountScope.Account)) != 0 && !_accounts.IsEmpty;
        foreach (var account in isPerAccount ? _accounts : [null!])
        {
            if (_accounts.Length > 1 && isPerAccount && !Matches(rule.When, point, account, _last)) continue;
            foreach (var period in rule.Periods)
            {
                var counted = debtor.Contacts.Where(entry => entry.Key != lease.Dispatch.Value && IsWithin(period, entry.Value) && Counts(rule, entry.Value) && (account is null || !isPerAccount || IsAbout(rule, debtor, entry.Value, account))).Select(entry => entry.Key).ToList();
                var (known, late) = OfOthers(rule, period, account);
                if (counted.Count + known >= rule.Limit) return (ViolationKind.CapExceeded, $"{counted.Count + known} of {rule.Limit} in {period} already, {known} of other parties, {counted.LastOrDefault("none")} among its own");
                if (counted.Count + known + late >= rule.Limit) LateFacts++;
            }
        }

        return null;
    }

    /// <summary>Contacts of everybody else who owes the account or debt, or is of the household, where the rule is kept for no one person.</summary>
    private (int Known, int Late) OfOthers(Rule.Counter rule, CountPeriod period, Account? account)
    {
        var isHousehold = (rule.Scope & CountScope.Household) != 0;
        // A point is its debtor's own.
        if ((rule.Scope & CountScope.EveryParty) == 0 || (rule.Scope & CountScope.Point) != 0 || (account is null && !isHousehold)) return default;
        var zones = proof.Zones.Select(zone => zone.ZoneId).ToList();
        return others.Count(isHousehold ? null : account, (rule.Scope & CountScope.Debt) != 0, (party, contact) =>
            IsWithin(period, contact.SeenIn(zones)) && Counts(rule, contact) && (account is null || IsAbout(rule, party, contact, account)));
    }

    private bool IsWithin(CountPeriod period, AuditedContact contact) => period.Kind switch
    {
        CountPeriodKind.LocalDays => contact.LastDate.PlusDays(period.Days - 1) >= _first,
        CountPeriodKind.CalendarWeek => contact.LastDate >= _first.PlusDays(-(((int)_first.DayOfWeek - (int)period.WeekStart + 7) % 7)),
        CountPeriodKind.Ever => true,
        _ => at - contact.PlacedAt < period.Duration,
    };

    private bool Counts(Rule.Counter rule, AuditedContact contact)
    {
        var counts = rule.Counts;
        if (!counts.Channels.Contains(contact.Channel) && contact.Channel != ContactChannel.Unknown) return false;
        if (contact.Purpose != ContactPurpose.Unknown && !counts.Purposes.Contains((int)contact.Purpose)) return false;
        if (contact.Place != PointPlace.Unknown && !counts.Places.Contains((int)contact.Place)) return false;
        if (!contact.IsCounted && !counts.Facts.IsConversation) return false;
        if (!counts.Facts.Matches(FactsOf(contact))) return false;
        if (rule.Governs.OtherThanCounted && contact.Channel == lease.Channel) return false;
        if ((rule.Scope & CountScope.Channel) != 0 && contact.Channel != lease.Channel) return false;
        if ((rule.Scope & CountScope.Point) != 0 && contact.Point != default && contact.Point != lease.Point) return false;
        return (rule.Scope & CountScope.Creditor) == 0 || contact.CreditorId.Length == 0 || Creditor.Length == 0 || contact.CreditorId == Creditor;
    }

    /// <summary>A fact that nothing reports, and that is no excuse, is taken as it favours the service: what is found here is surely wrong.</summary>
    private static CountedFacts FactsOf(AuditedContact contact)
    {
        var facts = CountedFacts.Placed | (contact.IsInbound ? CountedFacts.Inbound : CountedFacts.Outbound);
        if (contact.Facts.AddressReached is not false) facts |= CountedFacts.AddressReached;
        if (contact.Facts.MessagePossible is not false) facts |= CountedFacts.MessagePossible;
        // What was left on a machine is a fact of its own, which each pack names or does not.
        if (contact.Facts.Delivered ?? contact.Facts.AddressReached is not false) facts |= CountedFacts.Delivered;
        if (contact.MayBeTwoWay) facts |= CountedFacts.TwoWay;
        if (contact.Facts.Perceived is true) facts |= CountedFacts.Perceived;
        if (contact.Facts.MessageLeft is true) facts |= CountedFacts.MessageLeft;
        return facts;
    }

    /// <summary>By what its party owes. The debtor's own contact that named no account is about all of them, another's about those it had then.</summary>
    private bool IsAbout(Rule.Counter rule, AuditedDebtor party, AuditedContact contact, Account account)
    {
        var isDebt = (rule.Scope & CountScope.Debt) != 0;
        bool Names(ImmutableArray<AccountId> ids) => ids.Any(id => id == account.Id || (isDebt && party.DebtOf(id) == debtor.DebtOf(account.Id)));
        if (rule.Counts.Facts.IsConversation && !contact.Discussed.IsEmpty) return Names(contact.Discussed);
        if (contact.Accounts.IsEmpty && contact.Discussed.IsEmpty) return party == debtor || Names(contact.KnownAccounts);
        return Names(contact.Accounts) || Names(contact.Discussed);
    }

    private (ViolationKind, string)? Consent(ConsentFact? standing) => standing switch
    {
        null => (ViolationKind.NoConsent, $"{lease.Channel}: none stands"),
        { Kind: ConsentKind.Withdrawn } => (ViolationKind.NoConsent, $"{lease.Channel}: withdrawn by {standing.Id}"),
        _ when standing.ExpiresAt <= at => (ViolationKind.NoConsent, $"{lease.Channel}: {standing.Id} has ended"),
        _ => null,
    };

    private bool IsReleased(Release unless, ContactPoint point, Func<ContactPurpose, ConsentFact?> standing)
    {
        if (unless.ConsentPurpose is { } purpose && !debtor.Consents.Any(fact => fact.Kind == ConsentKind.Granted && fact.Purposes.Contains(purpose) && IsAbout(fact) && fact.GivenAt <= at && !(fact.ExpiresAt <= at))) return false;
        if (unless.ConsentForPoint && standing(lease.Purpose) is not { Kind: ConsentKind.Granted } given) return false;
        else if (unless.ConsentForPoint && !standing(lease.Purpose)!.Points.Contains(lease.Point)) return false;
        return _accounts.IsEmpty ? Matches(unless.Facts, point, null, _first) : _accounts.All(account => Matches(unless.Facts, point, account, _first));
    }

    private bool IsLifted(Rule rule, ContactPoint point) => pack.Exceptions.Any(exception =>
        !exception.IsRequestedHours && exception.Lifts.Contains(rule.Id) && IsInForce(exception.ValidFrom, exception.ValidTo)
        && (_accounts.IsEmpty ? Matches(exception.When, point, null, _first) : _accounts.All(account => Matches(exception.When, point, account, _first)))
        && IsAsked(exception, out var since) && (exception.Uses == 0 || UsesSince(since) < exception.Uses));

    /// <summary>What the exception wants to be answered: a contact on record, or a consent to this very purpose.</summary>
    private bool IsAsked(RuleException exception, out Instant since)
    {
        since = Instant.MinValue;
        if (exception.IsRequestOpen || exception.IsSameMedium || exception.InboundWithin is not null)
        {
            if (!debtor.Contacts.TryGetValue(lease.InReplyTo, out var asked)) return false;
            if (exception.IsRequestOpen && !asked.IsInbound && asked.Facts.TwoWay is not true) return false;
            if (exception.IsSameMedium && (!asked.IsInbound || asked.Channel != lease.Channel)) return false;
            if (exception.InboundWithin is { } age && (!asked.IsInbound || at >= asked.PlacedAt + age)) return false;
            since = asked.PlacedAt;
        }

        if (!exception.IsConsentedPurpose) return true;
        var consent = debtor.Consents.LastOrDefault(fact => fact.Kind == ConsentKind.Granted && fact.Purposes.Contains(lease.Purpose) && IsAbout(fact)
            && fact.GivenAt <= at && !(fact.ExpiresAt <= at) && AcceptsPaper(exception, fact)
            && (exception.WithinLocalDays is not { } days || _last < FirstDateOf(fact.GivenAt).PlusDays(days)));
        if (consent is null) return false;
        since = consent.GivenAt;
        return true;
    }

    private int UsesSince(Instant since) =>
        debtor.Contacts.Count(entry => entry.Key != lease.Dispatch.Value && !entry.Value.IsInbound && entry.Value.Purpose == lease.Purpose && entry.Value.PlacedAt >= since);

    private string Where(Instant instant) =>
        string.Join(", ", proof.Zones.Select(zone => $"{WallClock.At(zone.ZoneId, instant):uuuu-MM-dd HH:mm} {zone.ZoneId}")) + $" ({lease.Channel})";
}
