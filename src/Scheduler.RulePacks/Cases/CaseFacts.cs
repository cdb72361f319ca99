using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks.Cases;

/// <summary>Reads the "given" column: one short sentence per fact.</summary>
internal sealed class CaseFacts(CaseSituation situation)
{
    private int _count;

    private DateTimeZone Zone => situation.Candidates.Shown;

    public void Read(string text)
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var first = words.Dequeue();
        if (ReadSimple(text) || ReadLedger(first, words) || ReadAccount(first, words)) return;
        var times = 1;
        if (first.EndsWith('x') && int.TryParse(first[..^1], out times)) first = words.Dequeue();
        if (!Words.TryParse<ContactChannel>(first, out var channel)) throw new FormatException($"'{text}' is not a fact that the tables know.");
        ReadContacts(channel, Math.Max(times, 1), words);
    }

    private bool ReadSimple(string text)
    {
        switch (text)
        {
            case "no notices": situation.Carry([]); return true;
            case "minor": situation.Change((DebtorProfile profile) => profile with { IsMinor = true }); return true;
            case "employer forbids": situation.Change((DebtorProfile profile) => profile with { EmployerForbidsContact = true }); return true;
            case "point of unknown place": situation.Change((ContactPoint point) => point with { Place = PointPlace.Unknown }); return true;
            case "platforms bind": situation.PlatformsBind = true; return true;
            case "message promotes": situation.Promotes = true; return true;
            case "message may promote": situation.Promotes = null; return true;
            case "address agreed": situation.Change((ContactPoint point) => point with { IsAgreed = true }); return true;
            case "point is a landline": situation.Change((ContactPoint point) => point with { Kind = PointKind.Landline }); return true;
            case "point is a phone": situation.Change((ContactPoint point) => point with { Kind = PointKind.Phone }); return true;
            case "point reassigned": situation.Change((ContactPoint point) => point with { Status = PointStatus.Reassigned }); return true;
            case "point never confirmed": situation.Change((ContactPoint point) => point with { ConfirmedAt = null }); return true;
            default: return false;
        }
    }

    private bool ReadLedger(string first, Queue<string> words)
    {
        switch (first)
        {
            case "no" when words.Count == 2 && words.Dequeue() == "consent":
                situation.RemoveConsent(Word<ContactChannel>(words.Dequeue()));
                return true;
            case "consent" or "withdrawn":
                situation.Add(Consent(first == "consent" ? ConsentKind.Granted : ConsentKind.Withdrawn, Channel(words.Dequeue()), words));
                return true;
            case "requested" or "refused" when words.Dequeue() == "hours":
                situation.Add(Hours(first == "requested" ? ConsentKind.HoursExtended : ConsentKind.HoursForbidden, words));
                return true;
            case "notices":
                situation.Carry([.. words.Dequeue().Split(',')]);
                return true;
            case "point" when words.Count == 2 && words.Peek() == "at":
                words.Dequeue();
                var place = Word<PointPlace>(words.Dequeue());
                situation.Change((ContactPoint point) => point with { Place = place });
                return true;
            case "hold":
                situation.Add(Hold(words));
                return true;
            case "promise" when words.Dequeue() == "for":
                situation.Add(new Promise { Id = Next("h"), DueOn = CaseTime.Date(words.Dequeue()), Accounts = Accounts(words) });
                return true;
            case "confirmed":
                situation.Change((ContactPoint point) => point with { ConfirmedAt = Time(words) });
                return true;
            case "checked":
                situation.Change((ContactPoint point) => point with { ReassignmentCheckedAt = Time(words) });
                return true;
            default:
                return false;
        }
    }

    private bool ReadAccount(string first, Queue<string> words)
    {
        var id = first == "account" ? words.Dequeue() : "A";
        if (first is not ("account" or "collector" or "product" or "contract" or "stage" or "due" or "time_barred")) return false;
        var key = first == "account" ? (words.Count == 0 ? "" : words.Dequeue()) : first;
        situation.ChangeAccount(id, account => key switch
        {
            "" => account,
            "collector" => account with { Collector = Word<CollectorKind>(words.Dequeue()) },
            "product" => account with { Product = words.Dequeue() is var product && product == "unknown" ? "" : product },
            "contract" => account with { ContractOn = words.Dequeue() is var date && date == "unknown" ? null : CaseTime.Date(date) },
            "stage" => account with { Stage = Word<AccountStage>(words.Dequeue()) },
            "due" => account with { OldestDueOn = words.Dequeue() is var due && due == "unknown" ? null : CaseTime.Date(due) },
            "time_barred" => account with { IsTimeBarred = words.Count > 0 && words.Dequeue() == "unknown" ? null : true },
            "debt" => account with { DebtKey = words.Dequeue() },
            _ => throw new FormatException($"'{key}' is not known of an account."),
        });
        return true;
    }

    /// <summary>"call unanswered Mon 2026-11-02 10:00 about A,B discussed A as c1 daily with spouse".</summary>
    private void ReadContacts(ContactChannel channel, int times, Queue<string> words)
    {
        var outcome = words.Dequeue();
        var isInbound = outcome is "inbound" or "wrote";
        var at = Time(words);
        var contact = new ContactRecord
        {
            Id = Next("c"),
            Channel = channel,
            PlacedAt = at,
            Point = new PointId("p1"),
            Place = PointPlace.Personal,
            CreditorId = "lender",
            Accounts = [new AccountId("A")],
            FirstDate = default,
            LastDate = default,
            Standing = ContactStanding.Settled,
            IsInbound = isInbound,
            Facts = Facts(outcome),
        };
        if (outcome is "reserved" or "placed" or "unresolved") contact = contact with { Standing = Word<ContactStanding>(outcome) };
        var step = Period.Zero;
        var with = PartyRole.Principal;
        while (words.Count > 0)
        {
            switch (words.Dequeue())
            {
                case "about": contact = contact with { Accounts = Ids(words.Dequeue()) }; break;
                case "discussed": contact = contact with { Discussed = Ids(words.Dequeue()) }; break;
                case "as": contact = contact with { Id = words.Dequeue() }; break;
                case "at": contact = contact with { Place = Word<PointPlace>(words.Dequeue()) }; break;
                case "session" when words.Dequeue() == "until": contact = contact with { SessionExpiresAt = Time(words) }; break;
                case "for": contact = contact with { Purpose = Word<ContactPurpose>(words.Dequeue()) }; break;
                case "creditor": contact = contact with { CreditorId = words.Dequeue() }; break;
                case "with": with = OtherParty(words.Dequeue()); break;
                case "uncounted": contact = contact with { IsCounted = false }; break;
                case "daily": step = Period.FromDays(1); break;
                case "hourly": step = Period.FromHours(1); break;
                case var word: throw new FormatException($"'{word}' is not known of a contact.");
            }
        }

        for (var index = 0; index < times; index++)
        {
            var placed = index == 0 ? at : Zone.AtLeniently(contact.PlacedAt.InZone(Zone).LocalDateTime + step).ToInstant();
            var (first, last) = situation.Candidates.LocalDates(placed);
            contact = contact with { Id = index == 0 ? contact.Id : Next("c"), PlacedAt = placed, FirstDate = first, LastDate = last };
            if (with == PartyRole.Principal) situation.Add(contact);
            else situation.Add(contact, with);
        }
    }

    private static PartyRole OtherParty(string word) =>
        Word<PartyRole>(word) is var role and (PartyRole.Spouse or PartyRole.CoDebtor or PartyRole.Guarantor) ? role : throw new FormatException($"Contacts with a {word} are not counted together.");

    private static ContactFacts Facts(string outcome) => outcome switch
    {
        "conversation" or "inbound" => new() { Placed = true, AddressReached = true, Delivered = true, TwoWay = true, SpokeWith = PartyRole.Principal },
        "delivered" => new() { Placed = true, AddressReached = true, Delivered = true },
        "received" => new() { Placed = true, AddressReached = true, Delivered = true, TwoWay = false },
        "wrote" => new() { Placed = true, AddressReached = true, Delivered = true, TwoWay = false, SpokeWith = PartyRole.Principal },
        "voicemail" => new() { Placed = true, AddressReached = true, Delivered = false, MessageLeft = true, TwoWay = false },
        "unanswered" => new() { Placed = true, AddressReached = true, Delivered = false, TwoWay = false, MessageLeft = false },
        "unable" => new() { Placed = true, AddressReached = true, Delivered = false, TwoWay = false, MessageLeft = false, MessagePossible = false },
        "silent" => new() { Placed = true, AddressReached = true, Delivered = false, TwoWay = false, MessageLeft = false, MessagePossible = true },
        "dead" => new() { Placed = true, AddressReached = false, Delivered = false, TwoWay = false },
        "failed" => new() { Placed = true, Delivered = false },
        "reserved" or "unresolved" or "unplaced" => default,
        "placed" => new() { Placed = true },
        _ => throw new FormatException($"'{outcome}' is not an outcome."),
    };

    /// <summary>"sms on Mon 2026-11-02 10:00 for marketing by message until Wed 2026-11-04 18:00 directly point".</summary>
    private ConsentFact Consent(ConsentKind kind, ContactChannel? channel, Queue<string> words)
    {
        var fact = new ConsentFact { Id = Next("k"), Kind = kind, Channels = channel is { } one ? ChannelSet.Of(one) : default, GivenAt = situation.At - Duration.FromDays(1) };
        while (words.Count > 0)
        {
            fact = words.Dequeue() switch
            {
                "on" => fact with { GivenAt = Time(words) },
                "until" => fact with { ExpiresAt = Time(words) },
                "for" => fact with { Purposes = [Word<ContactPurpose>(words.Dequeue())] },
                "by" => fact with { Instrument = Word<ConsentInstrument>(words.Dequeue()) },
                "unasked" => fact with { IsOwnInitiative = true },
                "directly" => fact with { GivenDirectly = true },
                "method" => fact with { Method = words.Dequeue() },
                "point" => fact with { Points = [new PointId("p1")] },
                var word => throw new FormatException($"'{word}' is not known of a consent."),
            };
        }

        return fact;
    }

    /// <summary>"sun 10:00-11:00 by separate on Mon 2026-11-02 10:00 holidays directly".</summary>
    private ConsentFact Hours(ConsentKind kind, Queue<string> words)
    {
        var days = WeekReader.DaysOf(words.Dequeue());
        if (days == 0 || WeekReader.Span(words.Dequeue()) is not var (start, end)) throw new FormatException("Hours are written as 'sun 10:00-11:00'.");
        var isAlsoOnHolidays = words.Contains("holidays");
        var fact = Consent(kind, null, new Queue<string>(words.Where(word => word != "holidays")));
        return fact with { Hours = [new WeeklyHours(days, start, end)], AlsoOnHolidays = isAlsoOnHolidays };
    }

    private Hold Hold(Queue<string> words)
    {
        var hold = new Hold { Id = Next("h"), Kind = Word<HoldKind>(words.Dequeue()), Start = situation.At - Duration.FromDays(2) };
        while (words.Count > 0)
        {
            hold = words.Dequeue() switch
            {
                "on" => hold with { Accounts = Ids(words.Dequeue()) },
                "from" => hold with { Start = Time(words) },
                "until" => hold with { End = Time(words) },
                "channel" => hold with { Channels = ChannelSet.Of(Word<ContactChannel>(words.Dequeue())) },
                var word => throw new FormatException($"'{word}' is not known of a hold."),
            };
        }

        return hold;
    }

    private Instant Time(Queue<string> words)
    {
        var text = words.Dequeue();
        if (text.EndsWith('Z')) return CaseTime.Read(text, Zone);
        if (char.IsLetter(text[0])) text += " " + words.Dequeue();
        return CaseTime.Read($"{text} {words.Dequeue()}", Zone);
    }

    private static ImmutableArray<AccountId> Accounts(Queue<string> words) =>
        words.Count > 1 && words.Dequeue() == "on" ? Ids(words.Dequeue()) : [];

    private static ImmutableArray<AccountId> Ids(string text) => text == "none" ? [] : [.. text.Split(',').Select(id => new AccountId(id))];

    private static ContactChannel? Channel(string word) => word == "all" ? null : Word<ContactChannel>(word);

    private static T Word<T>(string word)
        where T : struct, Enum => Words.TryParse<T>(word, out var value) ? value : throw new FormatException($"'{word}' is not a {typeof(T).Name}.");

    private string Next(string prefix) => $"{prefix}{++_count + 100}";
}
