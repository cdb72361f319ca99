using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Storage.Codec;
using AccountPlan = Scheduler.Domain.Planning.AccountPlan;

namespace Scheduler.Grains.Tests.Codec;

public sealed class StateCodecTests
{
    private static readonly DebtorKey Key = new("acme", "d1");

    private static readonly Instant Now = Instant.FromUtc(2026, 3, 3, 15, 0);

    [Fact]
    public void Whatever_a_state_holds_comes_back_from_its_bytes() => Prop.ForAll<int>(static seed =>
    {
        var state = (DebtorState)Structure.Fill(typeof(DebtorState), new Random(seed)) with { Key = Key };
        var back = StateCodec.Decode(Key, StateCodec.Encode(state));
        Assert.Equal(Structure.Describe(state), Structure.Describe(back));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fields_of_a_newer_release_are_skipped()
    {
        byte[] newer = [.. StateCodec.Encode(new DebtorState { Key = Key, SourceVersion = 7 }), 0xC0, 0x3E, 0x05];
        Assert.Equal(7, StateCodec.Decode(Key, newer).SourceVersion);
    }

    [Fact]
    public void The_largest_instant_survives()
    {
        var endless = new DebtorState { Key = Key, Wake = new Wake(Instant.MaxValue, "x") };
        Assert.Equal(Instant.MaxValue, StateCodec.Decode(Key, StateCodec.Encode(endless)).Wake.At);
    }

    [Fact]
    public void A_debtor_with_twenty_contacts_stays_within_the_bytes_that_rows_are_measured_for()
    {
        const int bytesAtMost = 1_600;
        Assert.InRange(StateCodec.Encode(Usual()).Length, 500, bytesAtMost);
    }

    private static DebtorState Usual() => new()
    {
        Key = Key,
        SourceVersion = 1_772_000_000_000,
        SourceDigest = 0x1234_5678_9ABC_DEF0,
        Profile = new DebtorProfile { Locations = [new LocationEvidence("CO", "DC", "", "", "America/Bogota", LocationSource.Residence, Now)], Language = "es-CO" },
        Points = [Point("mobile", PointKind.Mobile, "+573001234567"), Point("home", PointKind.Landline, "+576012345678"), Point("mail", PointKind.Email, "someone@example.com")],
        Accounts = [Account("loan-000123"), Account("card-000456")],
        Contacts = [.. Enumerable.Range(1, 20).Select(Contact)],
        Plans = [Plan("loan-000123"), Plan("card-000456")],
        Wake = new Wake(Now + NodaTime.Duration.FromDays(1), "whatsapp", ContactChannel.Whatsapp, 2),
        ChainHead = [.. new byte[32]],
        EventCount = 55,
        Phase = DebtorPhase.Waiting,
    };

    private static ContactPoint Point(string id, PointKind kind, string address) =>
        new() { Id = new PointId(id), Kind = kind, Address = address, Place = PointPlace.Personal, Status = PointStatus.Confirmed, ConfirmedAt = Now };

    private static Account Account(string id) => new()
    {
        Id = new AccountId(id),
        CreditorId = "bank-of-the-andes",
        Collector = CollectorKind.ThirdParty,
        DebtKey = id,
        Product = "credit_card",
        Balance = new Amount("COP", 250_000, 0),
        BalanceAt = Now,
        OldestDueOn = new LocalDate(2026, 2, 1),
        PortfolioId = "wave-7",
        EnteredAt = Now,
    };

    private static ContactRecord Contact(int number) => new()
    {
        Id = DispatchId.Of("d1", number * 3).Value,
        Channel = ContactChannel.Whatsapp,
        Point = new PointId("mobile"),
        Place = PointPlace.Personal,
        Accounts = [new AccountId("loan-000123")],
        CreditorId = "bank-of-the-andes",
        PlacedAt = Now - NodaTime.Duration.FromDays(number),
        DeliveredAt = Now - NodaTime.Duration.FromDays(number),
        FirstDate = new LocalDate(2026, 2, 1),
        LastDate = new LocalDate(2026, 2, 1),
        Facts = new ContactFacts { Placed = true, Delivered = true },
        Standing = ContactStanding.Settled,
        StepId = "whatsapp",
        ReceiptKinds = 6,
    };

    private static AccountPlan Plan(string account) => new()
    {
        Account = new AccountId(account),
        StrategyVersion = "co-one-channel-a-week@1",
        StepId = "whatsapp",
        DueAt = Now,
        LapsesAt = Now + NodaTime.Duration.FromDays(2),
        LastDay = 1,
    };
}
