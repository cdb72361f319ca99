using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Strategies;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>Legal and boring defaults: a debtor in Colombia, and one in New York whose creditor collects in its own name.</summary>
internal static class Sample
{
    public static readonly DateTimeZone Bogota = DateTimeZoneProviders.Tzdb["America/Bogota"];
    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    public static readonly AccountId Loan = new("loan-1");
    public static readonly AccountId Card = new("card-2");
    public static readonly PointId Mobile = new("mobile");
    public static readonly PointId Mailbox = new("mailbox");

    public static readonly DecisionContext Shipped = new(PackLibrary.LoadShipped().Compile(epoch: 7), StrategyLibrary.LoadShipped(), LeaseTerms.Default);

    /// <summary>A context with one strategy that is everybody's default.</summary>
    public static DecisionContext With(params Step[] steps) =>
        Shipped with { Strategies = new StrategySet([new Strategy { Id = "test", Version = 1, DefaultFor = ["*"], Steps = [.. steps] }]) };

    public static DecisionContext WithClassic => Shipped with { Strategies = new StrategySet([Shipped.Strategies.Find("classic")!]) };

    public static Step Step(int day, ContactChannel channel, int lapseAfterDays = 30) => new()
    {
        Id = $"{channel}-{day}".ToLowerInvariant(),
        Day = day,
        Channel = channel,
        LapseAfterDays = lapseAfterDays,
        Mode = channel == ContactChannel.Call ? PlacementMode.Preview : PlacementMode.Automated,
        Notices = ["OPT_OUT"],
    };

    /// <summary>"2026-03-02 09:00" on a clock on the wall in Bogota.</summary>
    public static Instant InBogota(string local) => In(Bogota, local);

    public static Instant InNewYork(string local) => In(NewYork, local);

    public static Instant In(DateTimeZone zone, string local) => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Parse(local).Value.InZoneStrictly(zone).ToInstant();

    public static EntryCommand Colombian(long version = 1) => Entry(version, "CO", "America/Bogota", "+573001234567");

    public static EntryCommand NewYorker(long version = 1) => Entry(version, "US", "America/New_York", "+12125550123", "NY");

    public static Account Owed(AccountId id, string creditor = "bank", LocalDate? oldestDueOn = null) => new()
    {
        Id = id,
        CreditorId = creditor,
        Collector = CollectorKind.Creditor,
        Role = PartyRole.Principal,
        Product = "credit_card",
        Balance = new Amount("USD", 100, 0),
        OldestDueOn = oldestDueOn,
        Stage = AccountStage.Overdue,
    };

    public static ContactPoint Phone(string id = "mobile", string address = "+573001234567", PointStatus status = PointStatus.Confirmed, PointPlace place = PointPlace.Personal) =>
        new() { Id = new PointId(id), Kind = PointKind.Mobile, Address = address, Status = status, Place = place, ConfirmedAt = Instant.FromUtc(2026, 3, 1, 12, 0) };

    public static ConsentFact Granted(params ContactChannel[] channels) => new()
    {
        Id = "granted",
        Kind = ConsentKind.Granted,
        Channels = ChannelSet.Of(channels),
        GivenAt = Instant.FromUtc(2025, 1, 1, 0, 0),
        Method = "signed_form",
        Instrument = ConsentInstrument.Separate,
        GivenDirectly = true,
    };

    public static SignalCommand Signal(string id, Instant at, SignalFact fact, ContactChannel channel = ContactChannel.Unknown) =>
        new() { SignalId = id, OccurredAt = at, Fact = fact, Channel = channel, Source = "test" };

    public static Amount Usd(long units) => new("USD", units, 0);

    private static EntryCommand Entry(long version, string country, string zone, string phone, string region = "") => new()
    {
        Key = new DebtorKey("acme", "ana"),
        SourceVersion = version,
        Profile = new DebtorProfile { Locations = [new LocationEvidence(country, region, "", "", zone, LocationSource.Debtor, null)] },
        Points =
        [
            Phone(address: phone),
            new ContactPoint { Id = Mailbox, Kind = PointKind.Email, Address = "ana@example.org", Status = PointStatus.Confirmed, Place = PointPlace.Personal },
        ],
        Accounts = [Owed(Loan)],
        Consents = [Granted(ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email, ContactChannel.Ivr)],
    };
}
