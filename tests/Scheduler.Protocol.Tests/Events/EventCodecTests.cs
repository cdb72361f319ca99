using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;

namespace Scheduler.Protocol.Tests.Events;

public sealed class EventCodecTests
{
    /// <summary>Left out on purpose: personal data, and what a lease has only after it was granted.</summary>
    private static readonly string[] LeftOut = ["Address", "Variables", "ConfirmedAt", "RevokedFor", "RevokedAt", "IsRevoked", "IsReserved"];

    private static readonly string[] LeftOutAlways = [.. LeftOut.Except(["Address", "Variables"])];

    public static TheoryData<string> Cases => [.. Sample.EventTypes.Select(static type => type.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_event_comes_back_as_it_was(string name)
    {
        var before = Make(name);

        var after = EventCodec.Decode(EventCodec.Encode(new EventBatch(7, Instant.FromUnixTimeTicks(17_000_000_000_000_001), [before])));

        Assert.Equal(7, after.FirstSequence);
        Assert.Equal(Instant.FromUnixTimeTicks(17_000_000_000_000_001), after.RecordedAt);
        Assert.IsType(before.GetType(), Assert.Single(after.Events));
        Assert.Equal(Sample.Print(before, LeftOut), Sample.Print(after.Events[0], LeftOut));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_event_comes_back_with_its_personal_fields_for_who_can_open_them(string name)
    {
        var before = Make(name);
        var bytes = EventCodec.Encode(new EventBatch(7, Instant.FromUnixTimeSeconds(5), [before]), Seal);

        var after = EventCodec.Decode(bytes, Mask);

        Assert.Equal(Sample.Print(before, LeftOutAlways), Sample.Print(Assert.Single(after.Events), LeftOutAlways));
    }

    [Fact]
    public void What_is_personal_is_blank_without_the_key_and_the_rest_is_there()
    {
        var place = new LocationEvidence("US", "WA", "", "98101", "America/Los_Angeles", LocationSource.Residence, null);
        var consent = new Domain.Consent.ConsentFact { Id = "c1", Kind = Domain.Consent.ConsentKind.Granted, EvidenceRef = "call-recording-77", GivenAt = default };
        DebtorEvent[] events =
        [
            new DebtorEvent.EntryApplied(default, 4, 0xFEED, ""),
            new DebtorEvent.ProfileReplaced(default, new DebtorProfile { Locations = [place] }),
            new DebtorEvent.ConsentRecorded(default, consent, "entry"),
        ];
        var bytes = EventCodec.Encode(new EventBatch(1, default, [.. events]), Seal);

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("98101", text, StringComparison.Ordinal);
        Assert.DoesNotContain("call-recording-77", text, StringComparison.Ordinal);
        var blank = EventCodec.Decode(bytes);
        Assert.Equal(0UL, Assert.IsType<DebtorEvent.EntryApplied>(blank.Events[0]).Digest);
        Assert.Equal("WA", Assert.IsType<DebtorEvent.ProfileReplaced>(blank.Events[1]).Profile.Locations[0].RegionCode);
        Assert.Equal("98101", Assert.IsType<DebtorEvent.ProfileReplaced>(EventCodec.Decode(bytes, Mask).Events[1]).Profile.Locations[0].PostalCode);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_event_has_a_sentence_and_a_type(string name)
    {
        var entry = TimelineMap.Write(Make(name), 3, Instant.FromUnixTimeSeconds(5));

        Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal);
        Assert.NotEqual(entry.EventType, entry.Summary);
        Assert.Contains('.', entry.EventType);
        Assert.Equal(3, entry.Sequence);
    }

    [Fact]
    public void Addresses_and_variables_are_not_in_the_bytes()
    {
        var point = new ContactPoint { Id = new PointId("p"), Kind = PointKind.Mobile, Address = "+573001234567" };
        var account = new Account { Id = new AccountId("a"), Variables = [new("name", "Ana Maria")] };

        var bytes = EventCodec.Encode(new EventBatch(1, default, [new DebtorEvent.PointsReplaced(default, [point]), new DebtorEvent.AccountEntered(default, account)]));

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("3001234567", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ana", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_a_later_version_is_passed_over()
    {
        var known = EventCodec.Write(new DebtorEvent.ContactSettled(Instant.FromUnixTimeSeconds(1), "d.1"));
        var unknown = new V1.DebtorEvent { OccurTime = known.OccurTime };

        var batch = EventCodec.Read(new V1.DebtorEventBatch { FirstSequence = 1, RecordTime = known.OccurTime, Events = { unknown, known } });

        Assert.IsType<DebtorEvent.ContactSettled>(Assert.Single(batch.Events));
    }

    /// <summary>Stands for a seal: its own inverse.</summary>
    private static byte[] Mask(byte[] bytes) => [.. bytes.Select(static b => (byte)(b ^ 0x5A))];

    private static byte[] Seal(ReadOnlySpan<byte> bytes) => Mask(bytes.ToArray());

    private static DebtorEvent Make(string name) => (DebtorEvent)new Sample().Of(Sample.EventTypes.Single(type => type.Name == name))!;
}
