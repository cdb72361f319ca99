using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Border;

/// <summary>A legal and boring entry, and the border's answer to a change of it.</summary>
internal static class Entries
{
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 9, 15, 0);

    public static V1.DebtorEntry Legal() => new()
    {
        DebtorId = "debtor-1",
        SourceVersion = 1,
        Profile = new V1.DebtorProfile
        {
            Language = "es-CO",
            RiskScore = 0.4,
            Tags = { "segment=a" },
            Locations = { new V1.LocationEvidence { CountryCode = "CO", RegionCode = "DC", ZoneId = "America/Bogota", Source = V1.LocationSource.Residence } },
        },
        ContactPoints = new V1.ContactPointList
        {
            Points = { new V1.ContactPoint { PointId = "m1", Kind = V1.PointKind.Mobile, Address = "+573001234567", Channels = { V1.ContactChannel.Sms } } },
        },
        Accounts =
        {
            new V1.Account
            {
                AccountId = "acc-1",
                CreditorId = "bank",
                CollectorKind = V1.CollectorKind.Creditor,
                PartyRole = V1.PartyRole.Principal,
                Product = "microcredit",
                Balance = new Google.Type.Money { CurrencyCode = "COP", Units = 120_000 },
                OldestDueDate = new Google.Type.Date { Year = 2026, Month = 3, Day = 1 },
                Variables = { ["first_name"] = "Ana" },
            },
        },
        Consents =
        {
            new V1.ConsentFact
            {
                ConsentId = "c1",
                Kind = V1.ConsentKind.Granted,
                GivenTime = At(-3600),
                Channels = { V1.ContactChannel.Sms },
                Instrument = V1.ConsentInstrument.Separate,
            },
        },
    };

    public static Timestamp At(long secondsFromNow) => new() { Seconds = Now.ToUnixTimeSeconds() + secondsFromNow };

    public static IReadOnlyList<FieldViolation> Violations(V1.DebtorEntry entry)
    {
        var violations = new FieldViolations();
        EntryMap.Read("tenant", entry, violations, Now);
        return violations.Listed;
    }
}
