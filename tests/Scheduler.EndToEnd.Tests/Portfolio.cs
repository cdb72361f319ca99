using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Entries of debtors in Bogota and New York, one day past due, who may be written to by WhatsApp and SMS.</summary>
internal static class Portfolio
{
    public const string Tenant = "demo";

    /// <summary>Tuesday 10:00 in Bogota and in New York.</summary>
    public static readonly DateTimeOffset TuesdayMorning = new(2026, 11, 17, 15, 0, 0, TimeSpan.Zero);

    public static DebtorEntry Entry(int number, DateTimeOffset now)
    {
        var isColombian = number % 2 == 0;
        var id = $"debtor-{number}";
        var due = now.AddDays(-1);
        return new DebtorEntry
        {
            DebtorId = id,
            SourceVersion = 1,
            Profile = new DebtorProfile
            {
                Locations =
                {
                    new LocationEvidence
                    {
                        CountryCode = isColombian ? "CO" : "US",
                        RegionCode = isColombian ? "" : "NY",
                        ZoneId = isColombian ? "America/Bogota" : "America/New_York",
                        Source = LocationSource.Residence,
                    },
                },
                RiskScore = number % 10 / 10.0,
            },
            ContactPoints = new ContactPointList
            {
                Points =
                {
                    Phone("mobile", PointKind.Mobile, isColombian ? $"+5730{10_000_000 + number}" : $"+1212{2_000_000 + number}"),
                    Phone("home", PointKind.Landline, isColombian ? $"+5760{10_000_000 + number}" : $"+1212{3_000_000 + number}"),
                    new ContactPoint { PointId = "mail", Kind = PointKind.Email, Address = $"d{number}@example.com", Place = PointPlace.Personal },
                },
            },
            Accounts = { Account(id, "a", due), Account(id, "b", due) },
            Consents =
            {
                new ConsentFact
                {
                    ConsentId = $"consent-{number}",
                    Kind = ConsentKind.Granted,
                    GivenTime = Timestamp.FromDateTimeOffset(now.AddDays(-30)),
                    Method = "signed_form",
                    Instrument = ConsentInstrument.Separate,
                },
            },
        };
    }

    private static ContactPoint Phone(string id, PointKind kind, string number) =>
        new() { PointId = id, Kind = kind, Address = number, Place = kind == PointKind.Landline ? PointPlace.Home : PointPlace.Personal };

    private static Account Account(string debtor, string suffix, DateTimeOffset due) => new()
    {
        AccountId = $"{debtor}-{suffix}",
        CreditorId = "bank",
        CollectorKind = CollectorKind.Creditor,
        PartyRole = PartyRole.Principal,
        Product = "credit_card",
        Balance = new Money { CurrencyCode = "USD", Units = 420 },
        OldestDueDate = new Date { Year = due.Year, Month = due.Month, Day = due.Day },
        Stage = AccountStage.Overdue,
    };
}
