using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Judges one grant (a lease or its confirmation) again, on what the log says was known before it. Slow and plain on purpose: walks the
/// minutes of the grant, counts contacts by hand, and shares no code with the policy.
/// </summary>
internal sealed class LeaseAudit(AuditedDebtor debtor, Lease lease, Instant at, LeaseProof proof, AuditedPacks? packs, AuditedOthers others)
{
    private static readonly Duration Longest = Duration.FromHours(26);

    private readonly List<(ViolationKind, string)> _found = [];
    private readonly ImmutableArray<string> _countries =
        [.. debtor.Profile.Locations.Select(location => location.CountryCode).Where(code => code.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    private readonly ImmutableArray<string> _zones = [.. proof.Zones.Select(zone => zone.ZoneId)
        .Concat(debtor.Profile.Locations.Select(AuditedLaw.ZoneOf)).Where(id => id.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyCollection<string> Zones => _zones;

    /// <summary>Rules that are broken by what became known too late.</summary>
    public int LateFacts { get; private set; }

    public LocalDate FirstDate => _zones.Select(zone => WallClock.At(zone, at).Date).DefaultIfEmpty(at.InUtc().Date).Min();

    public LocalDate LastDate => _zones.Select(zone => WallClock.At(zone, at).Date).DefaultIfEmpty(at.InUtc().Date).Max();

    public List<(ViolationKind Kind, string Detail)> Run()
    {
        CheckParty();
        CheckAccounts();
        CheckHolds();
        CheckConsent();
        CheckZones();
        CheckWindow();
        CheckDelivery();
        CheckCaps();
        CheckPacks();
        return _found;
    }

    private void Found(ViolationKind kind, string detail) => _found.Add((kind, detail));

    private void CheckPacks()
    {
        if (packs is null) return;
        var applied = proof.PackVersions.Select(version => (Version: version, Pack: packs.Find(version))).ToList();
        foreach (var (version, pack) in applied)
        {
            if (pack is null) Found(ViolationKind.PackUnknown, $"{version} is not known");
            else Judge(new PackAudit(debtor, lease, at, proof, pack, packs, others));
        }

        foreach (var country in _countries)
        {
            if (!applied.Exists(one => one.Pack is null || one.Pack.Applies.IsElsewhere || one.Pack.Applies.Country == country)) Found(ViolationKind.PackUnknown, $"no pack speaks for {country}");
        }
    }

    private void Judge(PackAudit audit)
    {
        _found.AddRange(audit.Run(Standing));
        LateFacts += audit.LateFacts;
    }

    private void CheckParty()
    {
        if (debtor.Profile.IsMinor) Found(ViolationKind.WrongParty, "the debtor is a minor");
        if (!debtor.Points.TryGetValue(lease.Point, out var point)) Found(ViolationKind.WrongParty, $"point {lease.Point} is not the debtor's");
        else if (!point.IsOpen) Found(ViolationKind.WrongParty, $"point {lease.Point} is {point.Status}");
        if (lease.Role is PartyRole.Reference or PartyRole.ThirdParty && lease.Purpose != ContactPurpose.LocationInformation)
            Found(ViolationKind.WrongParty, $"a {lease.Role} is never contacted, but to ask where the debtor is");
    }

    private void CheckAccounts()
    {
        foreach (var id in lease.Accounts.Append(lease.PlannedFor).Distinct())
        {
            if (!debtor.Accounts.TryGetValue(id, out var account) || !account.IsOpen) Found(ViolationKind.AccountNotOpen, $"account {id}");
            foreach (var promise in debtor.Promises.Values)
            {
                var covers = promise.Accounts.IsEmpty || promise.Accounts.Contains(id);
                if (covers && promise.State == PromiseState.Pending && FirstDate <= promise.DueOn && lease.Purpose == ContactPurpose.Collection)
                    Found(ViolationKind.PromisePending, $"account {id}: promise {promise.Id} is for {promise.DueOn:uuuu-MM-dd}");
            }
        }
    }

    private void CheckHolds()
    {
        if (lease.Purpose == ContactPurpose.RequiredNotice) return;
        foreach (var hold in debtor.Holds.Values)
        {
            // A hardship leaves contact to people; every other hold closes contact altogether.
            if (!hold.IsInForce(at) || (hold.Kind == HoldKind.Hardship && lease.Mode is PlacementMode.Preview)) continue;
            if (!hold.Channels.IsEmpty && !hold.Channels.Contains(lease.Channel)) continue;
            if (!hold.Accounts.IsEmpty && !hold.Accounts.Any(lease.Accounts.Contains)) continue;
            if (hold.CreditorId.Length > 0 && hold.CreditorId != Creditor) continue;
            Found(ViolationKind.OnHold, $"{hold.Kind} hold {hold.Id}");
        }
    }

    private void CheckConsent()
    {
        if (lease.Purpose is ContactPurpose.RequiredNotice or ContactPurpose.Reply or ContactPurpose.RequestedInformation) return;
        var standing = Standing(lease.Purpose);
        if (standing is { Kind: ConsentKind.Withdrawn }) Found(ViolationKind.NoConsent, $"{lease.Channel}: withdrawn by {standing.Id}");
        else if (NeedsConsent() && (standing is null || standing.ExpiresAt <= at)) Found(ViolationKind.NoConsent, $"{lease.Channel}: none stands");
    }

    private bool NeedsConsent()
    {
        if (_countries.Contains(AuditedLaw.Colombia) && lease.Channel is not (ContactChannel.Visit or ContactChannel.Letter)) return true;
        if (!_countries.Contains(AuditedLaw.UnitedStates)) return false;
        var isAutomated = lease.Mode is PlacementMode.Automated or PlacementMode.Predictive or PlacementMode.Unknown;
        var kind = debtor.Points.TryGetValue(lease.Point, out var point) ? point.Kind : PointKind.Unknown;
        return isAutomated && kind is PointKind.Mobile or PointKind.Phone or PointKind.Unknown
               && (AuditedLaw.IsVoice(lease.Channel) || lease.Channel is ContactChannel.Sms or ContactChannel.Rcs);
    }

    private ConsentFact? Standing(ContactPurpose purpose)
    {
        // A withdrawal is in the log, so it binds, whatever time it bears. Facts of one instant: the withdrawal comes last.
        var facts = debtor.Consents
            .Where(fact => fact.Kind == ConsentKind.Withdrawn || (fact.Kind == ConsentKind.Granted && fact.GivenAt <= at))
            .Where(fact => Concerns(fact) && Covers(fact, purpose))
            .OrderBy(fact => fact.GivenAt).ThenBy(fact => fact.Kind == ConsentKind.Withdrawn).ToList();
        // A grant that has ended leaves what was withdrawn before it withdrawn.
        while (facts is [.., { Kind: ConsentKind.Granted } last] && last.ExpiresAt <= at && facts.Exists(fact => fact.Kind == ConsentKind.Withdrawn)) facts.Remove(last);
        return facts.LastOrDefault();
    }

    private static bool Covers(ConsentFact fact, ContactPurpose purpose)
    {
        // A grant to collect covers the errands of collecting: a call-back asked for, a reminder of a promise, information asked for.
        var isErrand = purpose is not (ContactPurpose.Unknown or ContactPurpose.Marketing or ContactPurpose.Survey or ContactPurpose.Education);
        if (fact.Purposes.IsEmpty) return fact.Kind == ConsentKind.Withdrawn || isErrand;
        return fact.Purposes.Contains(purpose) || (isErrand && fact.Purposes.Contains(ContactPurpose.Collection));
    }

    private bool Concerns(ConsentFact fact) =>
        (fact.Channels.IsEmpty || fact.Channels.Contains(lease.Channel)) && (fact.Points.IsEmpty || fact.Points.Contains(lease.Point))
        && (fact.CreditorId.Length == 0 || fact.CreditorId == Creditor);

    private string Creditor => debtor.Accounts.TryGetValue(lease.PlannedFor, out var account) ? account.CreditorId : proof.CreditorId;

    private void CheckZones()
    {
        if (_countries.IsEmpty || proof.Zones.IsEmpty) Found(ViolationKind.ZoneMisjudged, "leased without a known country and zone");
        foreach (var zone in proof.Zones)
        {
            if (!WallClock.IsKnown(zone.ZoneId)) Found(ViolationKind.ZoneMisjudged, $"zone {zone.ZoneId} is unknown");
            else if (Minute(WallClock.At(zone.ZoneId, at)) != Minute(zone.Local))
                Found(ViolationKind.ZoneMisjudged, $"{zone.ZoneId}: judged at {zone.Local:uuuu-MM-dd HH:mm}, was {WallClock.At(zone.ZoneId, at):uuuu-MM-dd HH:mm}");
        }
    }

    private static LocalDateTime Minute(LocalDateTime local) => new(local.Year, local.Month, local.Day, local.Hour, local.Minute);

    private void CheckWindow()
    {
        if (lease.NotAfter <= at || lease.NotAfter - at > Longest)
        {
            Found(ViolationKind.NotAfterBeyondWindow, $"not_after is {lease.NotAfter}, leased at {at}");
            return;
        }

        if (!IsOpenEverywhere(at)) Found(ViolationKind.OutsideWindow, Where(at));
        for (var minute = at; minute < lease.NotAfter; minute += Duration.FromMinutes(1))
        {
            if (IsOpenEverywhere(minute)) continue;
            Found(ViolationKind.NotAfterBeyondWindow, $"not_after is {lease.NotAfter}; closed {Where(minute)}");
            return;
        }

        var last = lease.NotAfter - Duration.Epsilon;
        if (!IsOpenEverywhere(last)) Found(ViolationKind.NotAfterBeyondWindow, $"not_after is {lease.NotAfter}; closed {Where(last)}");
    }

    // Where the law minds the time of delivery, the lease must bear an end for it, and until then the window must not close.
    private void CheckDelivery()
    {
        if (!_countries.Any(AuditedLaw.JudgesDelivery)) return;
        if (lease.DeliverBefore is not { } end)
        {
            Found(ViolationKind.DeliveredBeyondWindow, "may be delivered at any time");
            return;
        }

        var last = end - Duration.Epsilon;
        for (var minute = at; minute < Instant.Min(end, at + Longest); minute += Duration.FromMinutes(1))
        {
            if (IsOpenForDelivery(minute)) continue;
            last = minute;
            break;
        }

        if (end <= at || !IsOpenForDelivery(last)) Found(ViolationKind.DeliveredBeyondWindow, $"deliver_before is {end}; closed {Where(last)}");
    }

    private bool IsOpenForDelivery(Instant instant) => _zones.All(zone =>
    {
        var local = WallClock.At(zone, instant);
        return _countries.Where(country => AuditedLaw.JudgesDelivery(country) && IsAsked(country, zone))
            .All(country => AuditedLaw.IsOpen(country, local, lease.Channel, bindsCollector: true) || IsAskedFor(local, country) || IsAnswer(instant, AuditedLaw.AnswersAtNight));
    });

    private bool IsOpenEverywhere(Instant instant)
    {
        var binds = lease.Accounts.Any(id => !debtor.Accounts.TryGetValue(id, out var account) || AuditedLaw.BindsCollector(account.Collector));
        foreach (var zone in _zones)
        {
            var local = WallClock.At(zone, instant);
            foreach (var country in _countries)
            {
                if (!IsAsked(country, zone)) continue;
                if (!AuditedLaw.IsOpen(country, local, lease.Channel, binds) && !IsAskedFor(local, country) && !IsAnswer(instant, AuditedLaw.AnswersAtNight)) return false;
            }

            if (IsForbidden(local)) return false;
        }

        return true;
    }

    // Whoever writes is answered once, through the same channel, for as long as an answer is one.
    private bool IsAnswer(Instant instant, Duration within) => lease.Purpose == ContactPurpose.Reply && Asked is { IsInbound: true } asked
        && asked.Channel == lease.Channel && instant < asked.PlacedAt + within && IsFirstSince(asked.PlacedAt);

    // Information is given once to whoever asked for it, in a contact of its own or in one of ours: on that day or the next.
    private bool IsInformationAskedFor => lease.Purpose == ContactPurpose.RequestedInformation && Asked is { } asked && (asked.IsInbound || asked.Facts.TwoWay is true)
        && !_zones.IsEmpty && LastDate < _zones.Min(zone => WallClock.At(zone, asked.PlacedAt).Date).PlusDays(AuditedLaw.DaysToInform) && IsFirstSince(asked.PlacedAt);

    private AuditedContact? Asked => debtor.Contacts.GetValueOrDefault(lease.InReplyTo);

    private bool IsFirstSince(Instant asked) => !debtor.Contacts.Any(entry =>
        entry.Key != lease.Dispatch.Value && !entry.Value.IsInbound && entry.Value.Purpose == lease.Purpose && entry.Value.PlacedAt >= asked);

    // With one country, its law holds in every zone; with several, each in the zones that evidence of it names.
    private bool IsAsked(string country, string zone) =>
        _countries.Length == 1 || debtor.Profile.Locations.Any(location => location.CountryCode == country && (location.ZoneId == zone || location.ZoneId.Length == 0));

    private bool IsAskedFor(LocalDateTime local, string country) => debtor.Consents.Any(fact =>
        fact.Kind == ConsentKind.HoursExtended && Concerns(fact) && fact.GivenAt <= at && (fact.ExpiresAt is not { } end || at < end)
        && (country == AuditedLaw.UnitedStates ? fact.GivenDirectly : fact.Instrument is ConsentInstrument.Separate or ConsentInstrument.Message)
        && (fact.AlsoOnHolidays || country != AuditedLaw.Colombia || !AuditedLaw.IsColombianHoliday(local.Date)) && Includes(fact.Hours, local));

    private bool IsForbidden(LocalDateTime local) => debtor.Consents.Any(fact =>
        fact.Kind == ConsentKind.HoursForbidden && Concerns(fact) && (fact.ExpiresAt is not { } end || at < end) && !IsTakenBack(fact) && Includes(fact.Hours, local));

    // A refusal without hours takes back those before it.
    private bool IsTakenBack(ConsentFact refusal) => debtor.Consents.Any(fact =>
        fact.Kind == ConsentKind.HoursForbidden && fact.Hours.IsEmpty && Concerns(fact) && fact.GivenAt >= refusal.GivenAt && fact.GivenAt <= at);

    private static bool Includes(ImmutableArray<WeeklyHours> hours, LocalDateTime local) => hours.Any(span =>
        span.Includes(local.DayOfWeek) && (local.Hour * 60) + local.Minute >= span.StartMinute && (local.Hour * 60) + local.Minute < span.EndMinute);

    private string Where(Instant instant) =>
        string.Join(", ", _zones.Select(zone => $"{WallClock.At(zone, instant):uuuu-MM-dd HH:mm} {zone}")) + $" ({string.Join("+", _countries)}, {lease.Channel})";

    private void CheckCaps()
    {
        if (_countries.Contains(AuditedLaw.Colombia) && !IsAnswer(at, AuditedLaw.AnswersByDay) && !IsInformationAskedFor) CheckColombia();
        if (_countries.Contains(AuditedLaw.UnitedStates) && AuditedLaw.IsVoice(lease.Channel)) CheckUnitedStates();
    }

    private void CheckColombia()
    {
        var isLiteral = proof.PackVersions.Any(version => version.StartsWith("CO.literal", StringComparison.Ordinal));
        foreach (var (id, contact) in debtor.Contacts)
        {
            if (id == lease.Dispatch.Value || !(isLiteral ? contact.MayBeTwoWay : IsStrictContact(contact))) continue;
            if (contact.Touches(FirstDate, LastDate, 1)) Found(ViolationKind.CapExceeded, $"a second contact on the day of {id}");
            else if (contact.Channel != lease.Channel && contact.Touches(FirstDate, LastDate, isLiteral ? DaysToSunday(contact.LastDate) : AuditedLaw.ClosedDays))
                Found(ViolationKind.CapExceeded, $"{lease.Channel} in the week of {id}, which was {contact.Channel}");
        }
    }

    // What an exception frees from counting is freed from the strict reading alone: a conversation is one, whoever began it and for whatever.
    private static bool IsStrictContact(AuditedContact contact) => contact.IsCounted && (contact.IsInbound ? contact.MayBeTwoWay : contact.MayBeDelivered);

    private static int DaysToSunday(LocalDate date) => 8 - (int)date.DayOfWeek;

    private void CheckUnitedStates()
    {
        if (IsCallBackAskedFor()) return;
        foreach (var account in lease.Accounts.Select(id => debtor.Accounts.GetValueOrDefault(id)).OfType<Account>())
        {
            if (!AuditedLaw.BindsCollector(account.Collector)) continue;
            var voice = debtor.Contacts.Where(entry => entry.Key != lease.Dispatch.Value && AuditedLaw.IsVoice(entry.Value.Channel))
                .Select(entry => entry.Value).Where(contact => contact.Touches(FirstDate, LastDate, AuditedLaw.ClosedDays)).ToList();
            var calls = voice.Count(contact => contact.IsCounted && !contact.IsInbound && contact.Facts.AddressReached is not false && IsAbout(contact.Accounts, account));
            if (calls >= AuditedLaw.CallsPerDebt) Found(ViolationKind.CapExceeded, $"{calls} calls in seven days about {account.Id}");
            if (voice.Any(contact => contact.MayBeTwoWay && IsAbout(contact.Discussed.IsEmpty ? contact.Accounts : contact.Discussed, account)))
                Found(ViolationKind.CapExceeded, $"a call within seven days of a conversation about {account.Id}");
        }
    }

    // 12 CFR 1006.14(b)(3)(i): a call that the person consented to, directly and for this, within seven days. Its day is the first.
    private bool IsCallBackAskedFor() => lease.Purpose == ContactPurpose.RequestedCallback && !_zones.IsEmpty && debtor.Consents.Any(fact =>
        fact.Kind == ConsentKind.Granted && fact.GivenDirectly && fact.Purposes.Contains(ContactPurpose.RequestedCallback) && Concerns(fact)
        && fact.GivenAt <= at && !(fact.ExpiresAt <= at) && LastDate < _zones.Min(zone => WallClock.At(zone, fact.GivenAt).Date).PlusDays(AuditedLaw.ClosedDays));

    private bool IsAbout(ImmutableArray<AccountId> accounts, Account account) =>
        accounts.IsEmpty || accounts.Any(id => DebtKey(id) == DebtKey(account.Id));

    private string DebtKey(AccountId id) => debtor.Accounts.TryGetValue(id, out var account) && account.DebtKey.Length > 0 ? account.DebtKey : id.Value;
}
