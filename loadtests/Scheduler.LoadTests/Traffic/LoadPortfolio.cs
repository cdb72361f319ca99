using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sampling;
using Scheduler.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// Debtors as a lender has them: three contact points, two accounts and twenty facts (consents, places, tags, variables), and for one in
/// fifty a history of twenty contacts. The creditor's own collection in the United States, open at any hour, so that the load does not
/// depend on the time of day; who is to fall due at an instant has refused every hour before it.
/// </summary>
internal sealed class LoadPortfolio
{
    private const int HistoryOf = 50;
    private const int HistoryLength = 20;
    private const int DaysAhead = 20;

    /// <summary>Channels for which every debtor has consented.</summary>
    public static readonly ImmutableArray<ContactChannel> Asked = [ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email];

    private readonly Instant _now;

    // The same in every debtor: what makes the load should cost the machine as little as it can.
    private readonly DebtorProfile _profile;
    private readonly Timestamp _given;
    private readonly Timestamp _confirmed;
    private readonly Timestamp _told;
    private readonly Google.Type.Date _dueOn;
    private readonly Google.Type.Date _idleOn;
    private readonly Google.Type.Date _contractOn;

    public LoadPortfolio(Instant now, string run)
    {
        (_now, Run) = (now, run);
        _profile = new DebtorProfile
        {
            Language = "en",
            RiskScore = 0.4,
            Tags = { "segment=load", "wave=1", "score=b" },
            Locations = { Place(LocationSource.Residence), Place(LocationSource.Mailing) },
        };
        (_given, _confirmed, _told) = (At(-40), At(-5), At(0));

        // The first step is open, whether the day in Chicago is this one or still the one before; of an idle account it lies weeks ahead.
        var today = now.InUtc().Date;
        (_dueOn, _idleOn) = (ProtocolValues.ToDate(today.PlusDays(-2)), ProtocolValues.ToDate(today.PlusDays(DaysAhead)));
        _contractOn = ProtocolValues.ToDate(today.PlusDays(-700));
    }

    public string Run { get; }

    public string IdOf(int number) => $"{Run}-{number:D7}";

    /// <summary>Number of a debtor of this portfolio.</summary>
    public static int NumberOf(string debtorId) => int.Parse(debtorId.AsSpan(debtorId.Length - 7), System.Globalization.CultureInfo.InvariantCulture);

    public static string AccountOf(string id, int place) => $"{id}-{place}";

    public static string MobileOf(int number) => $"+1312{5_550_000 + (number % 10_000):D7}";

    public static string HomeOf(int number) => $"+1773{5_550_000 + (number % 10_000):D7}";

    public static string MailboxOf(string id) => string.Concat(id, "@example.com");

    public static string ConsentOf(string id, ContactChannel channel) => $"c-{id}-{(int)channel}";

    public static string RefusalOf(string id) => string.Concat("c-", id, "-hours");

    public static string EvidenceOf(int number) => $"form-{number}";

    /// <summary>Whole dollars of either account.</summary>
    public static int OwedBy(string id) => 100 + StableHash.Between(0, 4_000, 1, id);

    /// <param name="due">When the first step may be done; null: at once.</param>
    /// <param name="isIdle">Nothing is due for weeks.</param>
    public DebtorEntry Debtor(int number, Instant? due, bool isIdle)
    {
        var id = IdOf(number);
        var entry = new DebtorEntry
        {
            DebtorId = id,
            SourceVersion = 1,
            Profile = _profile,
            ContactPoints = new ContactPointList
            {
                Points =
                {
                    Point("mobile", PointKind.Mobile, MobileOf(number)), Point("mail", PointKind.Email, MailboxOf(id)),
                    Point("home", PointKind.Landline, HomeOf(number)),
                },
            },
            Accounts = { Account(id, 1, isIdle), Account(id, 2, isIdle: true) },
        };
        foreach (var channel in Asked) entry.Consents.Add(Granted(id, number, channel));
        entry.Consents.Add(due is { } instant ? RefusedUntil(id, instant) : Granted(id, number, ContactChannel.Push));
        return entry;
    }

    public static bool HasHistory(int number) => number % HistoryOf == 0;

    public IEnumerable<ExternalContact> History(int number)
    {
        var id = IdOf(number);
        for (var i = 0; i < HistoryLength; i++)
        {
            yield return new ExternalContact
            {
                ExternalContactId = $"h-{id}-{i}",
                DebtorId = id,
                AccountIds = { AccountOf(id, 1) },
                CreditorId = "load-bank",
                Channel = ContactChannel.Email,
                PointId = "mail",
                PlaceTime = At(-10 - i),
                Purpose = ContactPurpose.Collection,
                SourceSystem = "former",
                Facts = new ContactFacts { Placed = true, AddressReached = true, Delivered = true, TwoWay = false },
            };
        }
    }

    private ConsentFact Granted(string id, int number, ContactChannel channel) => new()
    {
        ConsentId = ConsentOf(id, channel),
        Kind = ConsentKind.Granted,
        GivenTime = _given,
        Method = "web",
        Instrument = ConsentInstrument.Separate,
        GivenDirectly = true,
        Channels = { channel },
        Purposes = { ContactPurpose.Collection },
        WordingVersion = "v3",
        EvidenceRef = EvidenceOf(number),
    };

    private ConsentFact RefusedUntil(string id, Instant end) => new()
    {
        ConsentId = RefusalOf(id),
        Kind = ConsentKind.HoursForbidden,
        GivenTime = At(-1),
        ExpireTime = ProtocolValues.ToTimestamp(end),
        Method = "web",
        Instrument = ConsentInstrument.Separate,
        RequestedHours = new RequestedHours
        {
            Windows = { new WeeklyWindow { StartTimeOfDay = new Google.Type.TimeOfDay(), EndTimeOfDay = new Google.Type.TimeOfDay { Hours = 24 } } },
        },
    };

    private static LocationEvidence Place(LocationSource source) =>
        new() { CountryCode = "US", RegionCode = "IL", PostalCode = "60601", ZoneId = "America/Chicago", Source = source };

    private ContactPoint Point(string id, PointKind kind, string address) => new()
    {
        PointId = id,
        Kind = kind,
        Address = address,
        Place = PointPlace.Personal,
        Status = PointStatus.Confirmed,
        ObtainedFrom = "application",
        ConfirmedTime = _confirmed,
    };

    private Account Account(string id, int number, bool isIdle) => new()
    {
        AccountId = AccountOf(id, number),
        CreditorId = "load-bank",
        CollectorKind = CollectorKind.Creditor,
        PartyRole = PartyRole.Principal,
        Product = "credit_card",
        Balance = new Money { CurrencyCode = "USD", Units = OwedBy(id), Nanos = 250_000_000 },
        BalanceTime = _told,
        Stage = AccountStage.Overdue,
        OldestDueDate = isIdle ? _idleOn : _dueOn,
        ContractDate = _contractOn,
        PortfolioId = "load",
        ConsumerPurpose = true,
        Tags = { "campaign=autumn", "cycle=2" },
        Variables = { ["first_due"] = "2026-10-01", ["plan"] = "gold", ["branch"] = "loop" },
    };

    private Timestamp At(int days) => ProtocolValues.ToTimestamp(_now + NodaTime.Duration.FromDays(days));
}
