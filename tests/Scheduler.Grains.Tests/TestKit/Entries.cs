using Google.Protobuf.WellKnownTypes;
using Google.Type;

namespace Scheduler.Grains.Tests.TestKit;

/// <summary>Messages of the protocol with everything right; a test changes what it is about.</summary>
internal static class Entries
{
    /// <summary>A debtor in Bogota who agreed to WhatsApp and whose account is one day past due: a message may be sent now.</summary>
    public static V1.DebtorEntry Reachable(string debtor, long version = 1)
    {
        var due = World.TuesdayTen.AddDays(-1);
        return new V1.DebtorEntry
        {
            DebtorId = debtor,
            SourceVersion = version,
            Profile = new V1.DebtorProfile
            {
                Locations = { new V1.LocationEvidence { CountryCode = "CO", ZoneId = "America/Bogota", Source = V1.LocationSource.Residence } },
                Language = "es-CO",
            },
            ContactPoints = new V1.ContactPointList
            {
                Points = { new V1.ContactPoint { PointId = "mobile", Kind = V1.PointKind.Mobile, Address = "+573001234567", Place = V1.PointPlace.Personal, Status = V1.PointStatus.Confirmed } },
            },
            Accounts =
            {
                new V1.Account
                {
                    AccountId = "account-of-" + debtor,
                    CreditorId = "bank",
                    CollectorKind = V1.CollectorKind.Creditor,
                    PartyRole = V1.PartyRole.Principal,
                    Balance = new Money { CurrencyCode = "COP", Units = 250_000 },
                    OldestDueDate = new Date { Year = due.Year, Month = due.Month, Day = due.Day },
                },
            },
            Consents = { Consent("consent-" + debtor, V1.ConsentKind.Granted, World.TuesdayTen.AddDays(-100)) },
        };
    }

    public static V1.ConsentFact Consent(string id, V1.ConsentKind kind, DateTimeOffset at) => new()
    {
        ConsentId = id,
        Kind = kind,
        Channels = { V1.ContactChannel.Whatsapp },
        Purposes = { V1.ContactPurpose.Collection },
        GivenTime = Timestamp.FromDateTimeOffset(at),
        Method = "web",
        Instrument = V1.ConsentInstrument.Separate,
    };

    public static V1.Signal Withdrawal(string id, DateTimeOffset at) => new()
    {
        SignalId = id,
        OccurTime = Timestamp.FromDateTimeOffset(at),
        Channel = V1.ContactChannel.Whatsapp,
        Consent = Consent("withdrawn-" + id, V1.ConsentKind.Withdrawn, at),
    };

    public static V1.LeaseRef LeaseOf(V1.Dispatch dispatch) => new()
    {
        TenantId = dispatch.TenantId,
        DebtorId = dispatch.DebtorId,
        DispatchId = dispatch.DispatchId,
        LeaseToken = dispatch.LeaseToken,
    };

    public static V1.Outcome Placed(V1.Dispatch dispatch, DateTimeOffset at, string providerId = "") => new()
    {
        Lease = LeaseOf(dispatch),
        ReportTime = Timestamp.FromDateTimeOffset(at),
        Placed = new V1.Placed
        {
            PlaceTime = Timestamp.FromDateTimeOffset(at),
            ProviderContactId = providerId,
            Disposition = V1.Disposition.Accepted,
            Facts = new V1.ContactFacts { Placed = true },
            ReceiptsExpected = true,
        },
    };
}
