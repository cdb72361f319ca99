using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Microsoft.FSharp.Core;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;

namespace Scheduler.Protocol.Tests.Events;

/// <summary>Events' own writer against the classes generated from <c>event.proto</c>: byte for byte, because the bytes are hashed.</summary>
public sealed class EventWriterTests
{
    private const int Draws = 400;

    private static readonly Instant Morning = Instant.FromUtc(2026, 3, 2, 9, 0);

    public static TheoryData<string> Cases => [.. Sample.EventTypes.Select(static type => type.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_event_of_each_kind_with_every_field_set_has_the_bytes_of_its_message(string name)
    {
        var type = Sample.EventTypes.Single(type => type.Name == name);
        var sample = new Sample();
        AssertSame(new EventBatch(7, Morning, [(DebtorEvent)sample.Of(type)!]));
        AssertSame(new EventBatch(8, Morning, [(DebtorEvent)sample.Of(type)!, (DebtorEvent)sample.Of(type)!]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Events_of_each_kind_with_values_at_the_borders_have_the_bytes_of_their_messages(string name)
    {
        var type = Sample.EventTypes.Single(type => type.Name == name);
        var written = 0;
        Check.One(Pinned(20261122, Draws), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            if (AssertSame(new EventBatch(seed % 3, Morning, [(DebtorEvent)new EdgeSample(new Random(seed)).Of(type)!]))) written++;
        }));
        Assert.True(written > Draws / 4, $"{written} of {Draws} could be written at all.");
    }

    [Fact]
    public void Decisions_of_several_events_have_the_bytes_of_their_messages()
    {
        Type[] types = [.. Sample.EventTypes];
        Check.One(Pinned(20261123, Draws), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var edge = new EdgeSample(random);
            var events = ImmutableArray.CreateBuilder<DebtorEvent>();
            for (var count = random.Next(12); count > 0; count--) events.Add((DebtorEvent)edge.Of(types[random.Next(types.Length)])!);
            AssertSame(new EventBatch(random.NextInt64(), (Instant)edge.Of(typeof(Instant))!, events.ToImmutable()));
        }));
    }

    [Fact]
    public void A_decision_without_events_and_without_anything_has_the_bytes_of_its_message()
    {
        AssertSame(new EventBatch(0, default, []));
        AssertSame(new EventBatch(long.MaxValue, Morning, []));
    }

    [Fact]
    public void A_point_or_variable_that_is_named_twice_stands_once_at_its_first_place_with_its_last_value()
    {
        ContactPoint[] points = [Point("a", "+1"), Point("b", "+2"), Point("a", "+3"), Point("b", "+4"), Point("c", ""), Point("a", "+5")];
        var account = new Account { Id = new AccountId("a1"), Variables = [new("name", "Ana"), new("city", "Cali"), new("name", "Eva"), new("", ""), new("", "x")] };
        AssertSame(new EventBatch(1, Morning, [new DebtorEvent.PointsReplaced(Morning, [.. points]), new DebtorEvent.AccountEntered(Morning, account)]));
    }

    [Fact]
    public void Nothing_of_a_decision_is_left_for_the_next_one_nor_of_one_that_could_not_be_written()
    {
        var small = new EventBatch(1, Morning, [new DebtorEvent.PointsReplaced(Morning, [Point("a", "+1")]), new DebtorEvent.ContactSettled(Morning, "d.1")]);
        AssertSame(small);
        var large = new DebtorEvent.PointsReplaced(Morning, [.. Enumerable.Range(0, 5_000).Select(static i => Point($"p{i}", $"+57300{i}"))]);
        AssertSame(new EventBatch(2, Morning, [large]));
        AssertSame(small);
        var faulty = new DebtorEvent.PointsReplaced(Morning, [Point("a", "+1"), Point(null!, "+2")]);
        Assert.ThrowsAny<Exception>(() => EventCodec.Encode(new EventBatch(3, Morning, [large with { Points = large.Points[..20] }, faulty]), Seal));
        Assert.Throws<TimeoutException>(() => EventCodec.Encode(small, static _ => throw new TimeoutException()));
        AssertSame(small);
    }

    [Fact]
    public void Nothing_is_sealed_where_nothing_is_personal()
    {
        var batch = new EventBatch(1, Morning, [new DebtorEvent.EntryApplied(Morning, 1, 0, ""), new DebtorEvent.PointsReplaced(Morning, [])]);

        var bytes = EventCodec.Encode(batch, static _ => throw new InvalidOperationException("Nothing to seal."));

        Assert.Equal(EventCodec.Write(batch, null).ToByteArray(), bytes);
    }

    /// <summary>With a seal and without. False where no message can hold such events: then neither may be written.</summary>
    private static bool AssertSame(EventBatch batch)
    {
        byte[] clear;
        try
        {
            clear = EventCodec.Write(batch, null).ToByteArray();
        }
        catch (ArgumentNullException)
        {
            Assert.ThrowsAny<Exception>(() => EventCodec.Encode(batch));
            Assert.ThrowsAny<Exception>(() => EventCodec.Encode(batch, Seal));
            return false;
        }

        AssertSame(batch, clear, EventCodec.Encode(batch));
        var isSealed = EventCodec.Write(batch, static plain => Seal(plain)).ToByteArray();
        AssertSame(batch, isSealed, EventCodec.Encode(batch, Seal));
        AssertSame(batch, isSealed, EventCodec.Encode(batch, new InPlace()));
        return true;
    }

    private static void AssertSame(EventBatch batch, byte[] expected, byte[] written)
    {
        if (expected.AsSpan().SequenceEqual(written)) return;
        var same = expected.AsSpan().CommonPrefixLength(written);
        Assert.Fail($"Byte {same} of {expected.Length} differs, written are {written.Length}: {V1.DebtorEventBatch.Parser.ParseFrom(expected)}; {Sample.Print(batch.Events)}");
    }

    /// <summary>The same as <see cref="Seal"/>, written where it is to lie.</summary>
    private sealed class InPlace : IEventSeal
    {
        public int Overhead => 1;

        public void SealEvents(ReadOnlySpan<byte> plain, Span<byte> box) => Seal(plain).CopyTo(box);
    }

    /// <summary>Stands for a seal: longer than what it seals.</summary>
    private static byte[] Seal(ReadOnlySpan<byte> plain) => [0x5A, .. plain];

    private static ContactPoint Point(string id, string address) => new() { Id = new PointId(id), Kind = PointKind.Mobile, Address = address };

    /// <summary>The same draws at every run, so that a red run is a defect of the change before it.</summary>
    private static Config Pinned(ulong seed, int count) =>
        Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, 0x9E37_79B9_7F4A_7C15UL), FSharpOption<int>.None)));
}
