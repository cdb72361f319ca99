using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;
using AccountPlan = Scheduler.Domain.Planning.AccountPlan;

namespace Scheduler.Grains.Tests.Codec;

public sealed class StateCodecTests
{
    private static readonly DebtorKey Key = new("acme", "d1");

    private static readonly Storage.DebtorKey Row = new("acme", "d1");

    private static readonly KeyRing Ring = new([new MasterKey(1, new byte[MasterKey.Bytes])]);

    private static readonly Instant Now = Instant.FromUtc(2026, 3, 3, 15, 0);

    [Fact]
    public void Whatever_a_state_holds_comes_back_from_its_bytes() => Prop.ForAll<int>(static seed =>
    {
        var state = (DebtorState)Structure.Fill(typeof(DebtorState), new Random(seed)) with { Key = Key };
        var back = Decode(Encode(state));
        Assert.Equal(Structure.Describe(state), Structure.Describe(back));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fields_of_a_newer_release_are_skipped()
    {
        byte[] newer = [.. Encode(new DebtorState { Key = Key, SourceVersion = 7 }), 0xC0, 0x3E, 0x05];
        Assert.Equal(7, Decode(newer).SourceVersion);
    }

    [Fact]
    public void The_largest_instant_survives()
    {
        var endless = new DebtorState { Key = Key, Wake = new Wake(Instant.MaxValue, "x") };
        Assert.Equal(Instant.MaxValue, Decode(Encode(endless)).Wake.At);
    }

    [Fact]
    public void A_debtor_with_twenty_contacts_stays_within_the_bytes_that_rows_are_measured_for()
    {
        const int bytesAtMost = 1_600;
        Assert.InRange(Encode(Usual()).Length, 500, bytesAtMost);
    }

    [Fact]
    public void Personal_fields_are_sealed_and_the_rest_is_read_without_a_key()
    {
        var bytes = Encode(Usual());
        Assert.Equal(-1, bytes.AsSpan().IndexOf("3001234567"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("example.com"u8));
        var closed = StateCodec.DecodeSealed(Row, bytes);
        Assert.All(closed.Points, static point => Assert.Equal("", point.Address));
        Assert.Equal(20, closed.Contacts.Length);
        var others = new KeyRing([new MasterKey(1, Enumerable.Repeat((byte)7, MasterKey.Bytes).ToArray())]);
        Assert.Throws<SealException>(() => StateCodec.Decode(Row, bytes, others));
    }

    [Fact]
    public void Fields_that_have_not_changed_keep_their_sealed_bytes_and_those_that_have_get_new_ones()
    {
        var (state, seal) = StateCodec.Decode(Row, Encode(Usual()), Ring);
        var sealedBefore = SealedOf(StateCodec.Encode(state, seal));
        Assert.Equal(sealedBefore, SealedOf(StateCodec.Encode(state with { EventCount = 56 }, seal)));
        Assert.NotEqual(sealedBefore, SealedOf(StateCodec.Encode(state with { SourceDigest = 1 }, seal)));
    }

    private static byte[] Encode(DebtorState state) => StateCodec.Encode(state, DebtorSeal.Create(Ring, Row));

    private static DebtorState Decode(byte[] bytes) => StateCodec.Decode(Row, bytes, Ring).State;

    private static byte[] SealedOf(byte[] bytes) => Storage.V1.DebtorState.Parser.ParseFrom(bytes).Sealed.ToByteArray();

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
