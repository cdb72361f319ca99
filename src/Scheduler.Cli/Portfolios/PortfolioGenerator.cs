using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sampling;
using Scheduler.V1;

namespace Scheduler.Cli.Portfolios;

/// <summary>
/// The portfolio that ships: debtors in Colombia and the United States, some with two accounts, some without consent, some with holds.
/// Everything about a debtor follows from the seed and its number, so that a part of a portfolio equals the same part of a larger one.
/// </summary>
internal sealed class PortfolioGenerator(long seed, LocalDate asOf)
{
    private const int ScopeOfSecondAccount = 12;

    /// <summary>Debtors that owe exactly <paramref name="accountCount"/> accounts together.</summary>
    public IEnumerable<DebtorEntry> Generate(int accountCount)
    {
        var rest = accountCount;
        for (var number = 1; rest > 0; number++)
        {
            var entry = Debtor(number, rest);
            rest -= entry.Accounts.Count;
            yield return entry;
        }
    }

    /// <summary>Holds that stood before the portfolio came in.</summary>
    public IEnumerable<Signal> Holds(IEnumerable<DebtorEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (HoldOf(entry.DebtorId) is not { } kind) continue;
            yield return new Signal
            {
                SignalId = $"hold-{entry.DebtorId}",
                DebtorId = entry.DebtorId,
                OccurTime = At(asOf.PlusDays(-1)),
                SourceSystem = "core",
                HoldPlaced = new Hold { HoldId = $"hold-{entry.DebtorId}", Kind = kind, StartTime = At(asOf.PlusDays(-1)), Method = "letter" },
            };
        }
    }

    public HoldKind? HoldOf(string debtorId) => Percent(debtorId, "hold") switch
    {
        < 1 => HoldKind.Dispute,
        < 2 => HoldKind.Represented,
        < 3 => HoldKind.Bankruptcy,
        < 4 => HoldKind.Cease,
        _ => null,
    };

    private DebtorEntry Debtor(int number, int accountsLeft)
    {
        var id = $"d-{number:00000}";
        var city = Place(id, "city");
        var entry = new DebtorEntry { DebtorId = id, SourceVersion = 1, Profile = Profile(id, city), ContactPoints = new ContactPointList() };
        Points(entry.ContactPoints, id, city, number);
        entry.Accounts.Add(Account(id, 1, city));
        if (accountsLeft > 1 && Percent(id, "second") < ScopeOfSecondAccount) entry.Accounts.Add(Account(id, 2, city));
        Consents(entry, id);
        return entry;
    }

    private DebtorProfile Profile(string id, City city)
    {
        var profile = new DebtorProfile { Language = city.Country == "CO" ? "es" : "en", RiskScore = Math.Round(StableHash.Fraction(seed, id, "risk"), 3) };
        profile.Locations.Add(Location(city, LocationSource.Residence));
        // Two in a hundred have moved, and the file knows both places: the rules must permit in both.
        if (Percent(id, "moved") < 2)
        {
            var elsewhere = City.All.Where(other => other.Country == city.Country && other.Zone != city.Zone).ToList();
            if (elsewhere.Count > 0) profile.Locations.Add(Location(elsewhere[StableHash.Between(0, elsewhere.Count - 1, seed, id, "moved_to")], LocationSource.Mailing));
        }

        return profile;
    }

    private static LocationEvidence Location(City city, LocationSource source) => new()
    {
        CountryCode = city.Country,
        RegionCode = city.Region,
        ZoneId = city.Zone,
        Source = source,
    };

    private void Points(ContactPointList list, string id, City city, int number)
    {
        list.Points.Add(new ContactPoint
        {
            PointId = "mobile",
            Kind = PointKind.Mobile,
            Address = $"{city.PhonePrefix}{5_550_000 + (number % 10_000):0000000}",
            Place = PointPlace.Personal,
            Status = PointStatus.Confirmed,
            ObtainedFrom = "application",
            ConfirmedTime = At(asOf.PlusDays(-StableHash.Between(2, 40, seed, id, "confirmed"))),
        });
        list.Points.Add(new ContactPoint
        {
            PointId = "mail",
            Kind = PointKind.Email,
            Address = $"{id}@example.com",
            Place = PointPlace.Personal,
            ObtainedFrom = "application",
        });
        if (Percent(id, "app") < 40) list.Points.Add(new ContactPoint { PointId = "app", Kind = PointKind.Device, Address = $"push-{id}", Place = PointPlace.Personal, ObtainedFrom = "debtor" });
    }

    private Account Account(string id, int number, City city)
    {
        var isPeso = city.Country == "CO";
        var cents = StableHash.Between(8_000, 480_000, seed, id, "balance", $"{number}");
        return new Account
        {
            AccountId = $"{id}-{number}",
            CreditorId = number == 1 ? "andes-bank" : "andes-telecom",
            PartyRole = PartyRole.Principal,
            // In the United States an agency collects, so that Regulation F's hours and caps bind; in Colombia the law binds the creditor too.
            CollectorKind = isPeso ? CollectorKind.Creditor : Percent(id, "collector") < 85 ? CollectorKind.ThirdParty : CollectorKind.DebtBuyer,
            Product = number == 1 ? "credit_card" : "telecom",
            ConsumerPurpose = true,
            TimeBarred = false,
            Stage = AccountStage.Overdue,
            PortfolioId = "sample",
            Balance = ProtocolValues.ToMoney(isPeso ? cents * 40m : cents / 100m, isPeso ? "COP" : "USD"),
            BalanceTime = At(asOf),
            // The strategy runs from day 1 to day 10 past due: from not due yet to half way through when the run begins.
            OldestDueDate = ProtocolValues.ToDate(asOf.PlusDays(StableHash.Between(-4, 3, seed, id, "due", $"{number}"))),
            ContractDate = ProtocolValues.ToDate(asOf.PlusDays(-StableHash.Between(300, 2_000, seed, id, "contract"))),
        };
    }

    private void Consents(DebtorEntry entry, string id)
    {
        var mark = Percent(id, "consent");
        if (mark < 7) return;
        var consent = new ConsentFact
        {
            ConsentId = $"consent-{id}",
            Kind = ConsentKind.Granted,
            GivenTime = At(asOf.PlusDays(-StableHash.Between(20, 250, seed, id, "given"))),
            Method = "web",
            Instrument = ConsentInstrument.Separate,
            WordingVersion = "v1",
            GivenDirectly = true,
            Purposes = { ContactPurpose.Collection, ContactPurpose.PromiseReminder },
        };
        // Eight in a hundred do not want to be written to on WhatsApp.
        if (mark >= 15) consent.Channels.Add(ContactChannel.Whatsapp);
        consent.Channels.AddRange([ContactChannel.Sms, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.Email, ContactChannel.Push]);
        entry.Consents.Add(consent);
    }

    private City Place(string id, string choice)
    {
        var mark = StableHash.Between(0, City.All.Sum(city => city.Weight) - 1, seed, id, choice);
        foreach (var city in City.All)
        {
            mark -= city.Weight;
            if (mark < 0) return city;
        }

        return City.All[0];
    }

    private int Percent(string id, string choice) => StableHash.Between(0, 99, seed, id, choice);

    private static Google.Protobuf.WellKnownTypes.Timestamp At(LocalDate date) => ProtocolValues.ToTimestamp(date.AtMidnight().InUtc().ToInstant());
}
