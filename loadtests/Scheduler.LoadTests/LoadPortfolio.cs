using Google.Type;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sampling;
using Scheduler.V1;

namespace Scheduler.LoadTests;

/// <summary>
/// Debtors as a lender has them: three contact points, two accounts, consent, and for some a history of twenty contacts. Everything is due
/// now: the creditor's own collection in the United States, open at any hour, so that the load does not depend on the time of day.
/// </summary>
internal sealed class LoadPortfolio(Instant now, string run)
{
    private const int HistoryOf = 50;
    private const int HistoryLength = 20;

    private readonly LocalDate _today = now.InUtc().Date;

    public DebtorEntry Debtor(int number)
    {
        var id = $"{run}-{number:0000000}";
        var entry = new DebtorEntry
        {
            DebtorId = id,
            SourceVersion = 1,
            Profile = new DebtorProfile
            {
                Language = "en",
                RiskScore = 0.4,
                Tags = { "segment=load", "wave=1" },
                Locations = { new LocationEvidence { CountryCode = "US", RegionCode = "IL", PostalCode = "60601", ZoneId = "America/Chicago", Source = LocationSource.Residence } },
            },
            ContactPoints = new ContactPointList
            {
                Points =
                {
                    Point("mobile", PointKind.Mobile, $"+1312{5_550_000 + (number % 10_000):0000000}"), Point("mail", PointKind.Email, $"{id}@example.com"),
                    Point("home", PointKind.Landline, $"+1773{5_550_000 + (number % 10_000):0000000}"),
                },
            },
            Accounts = { Account(id, 1), Account(id, 2) },
            Consents =
            {
                new ConsentFact
                {
                    ConsentId = $"c-{id}", Kind = ConsentKind.Granted, GivenTime = At(-40), Method = "web", Instrument = ConsentInstrument.Separate, GivenDirectly = true,
                    Channels = { ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email }, Purposes = { ContactPurpose.Collection },
                    WordingVersion = "v3", EvidenceRef = $"form-{number}",
                },
            },
        };
        return entry;
    }

    public static bool HasHistory(int number) => number % HistoryOf == 0;

    public IEnumerable<ExternalContact> History(int number)
    {
        var id = $"{run}-{number:0000000}";
        for (var i = 0; i < HistoryLength; i++)
        {
            yield return new ExternalContact
            {
                ExternalContactId = $"h-{id}-{i}",
                DebtorId = id,
                AccountIds = { $"{id}-1" },
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

    private ContactPoint Point(string id, PointKind kind, string address) => new()
    {
        PointId = id,
        Kind = kind,
        Address = address,
        Place = PointPlace.Personal,
        Status = PointStatus.Confirmed,
        ObtainedFrom = "application",
        ConfirmedTime = At(-5),
    };

    private Account Account(string id, int number) => new()
    {
        AccountId = $"{id}-{number}",
        CreditorId = "load-bank",
        CollectorKind = CollectorKind.Creditor,
        PartyRole = PartyRole.Principal,
        Product = "credit_card",
        Balance = new Money { CurrencyCode = "USD", Units = 100 + StableHash.Between(0, 4_000, 1, id), Nanos = 250_000_000 },
        BalanceTime = At(0),
        Stage = AccountStage.Overdue,
        // One account's first step is open, whether the day in Chicago is this one or still the one before; the other's lies ahead.
        OldestDueDate = ProtocolValues.ToDate(_today.PlusDays(number == 1 ? -2 : 20)),
        ContractDate = ProtocolValues.ToDate(_today.PlusDays(-700)),
        PortfolioId = "load",
        ConsumerPurpose = true,
        Variables = { ["first_due"] = "2026-10-01", ["plan"] = "gold" },
    };

    private Google.Protobuf.WellKnownTypes.Timestamp At(int days) => ProtocolValues.ToTimestamp(now + NodaTime.Duration.FromDays(days));
}
