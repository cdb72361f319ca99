using Google.Protobuf;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Tests.Codec;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Tests.Codec;

/// <summary>The state's own reader against the classes generated from <c>state.proto</c>, over states filled at random from pinned seeds.</summary>
public sealed class StateReaderTests
{
    private const int Samples = 200;

    private static readonly Domain.Debtors.DebtorKey Key = new("acme", "d1");

    private static readonly DebtorKey Row = new("acme", "d1");

    private static readonly KeyRing Ring = new([new MasterKey(1, new byte[MasterKey.Bytes])]);

    private static readonly DebtorSeal Seal = DebtorSeal.Create(Ring, Row);

    [Fact]
    public void A_sealed_row_reads_as_what_was_written_and_as_the_generated_classes_read_it()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var state = Sample(seed);
            var bytes = StateWriter.Write(state, Seal);
            var read = Structure.Describe(StateCodec.Decode(Row, bytes, Ring).State);
            Assert.Equal(Structure.Describe(state), read);
            Assert.Equal(Structure.Describe(Generated(bytes)), read);
        }
    }

    [Fact]
    public void So_does_a_row_in_clear()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var state = Sample(seed);
            var bytes = StateWriter.Write(state, seal: null);
            var read = Structure.Describe(StateCodec.Decode(Row, bytes, Ring).State);
            Assert.Equal(Structure.Describe(state), read);
            Assert.Equal(Structure.Describe(Generated(bytes)), read);
            Assert.Null(StateCodec.OpenSeal(Row, bytes, Ring));
        }
    }

    [Fact]
    public void Without_a_key_personal_fields_are_blank_and_the_rest_is_read()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            foreach (var seal in (DebtorSeal?[])[Seal, null])
            {
                var bytes = StateWriter.Write(Sample(seed), seal);
                var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
                GeneratedReading.Blank(stored);
                Assert.Equal(Structure.Describe(new GeneratedReading(Key, stored).Read()), Structure.Describe(StateCodec.DecodeSealed(Row, bytes)));
            }
        }
    }

    [Fact]
    public void What_the_writer_wrote_is_read_in_one_pass()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            foreach (var seal in (DebtorSeal?[])[Seal, null])
            {
                var outline = new StateOutline(StateWriter.Write(Sample(seed), seal));
                var personal = seal is null ? PersonalReader.InClear : PersonalReader.Opened(seal.OpenState(outline.Sealed.ToArray()));
                Assert.NotNull(StateReader.TryRead(Row, outline, personal, laysOut: false));
                Assert.NotNull(StateReader.TryRead(Row, outline, PersonalReader.Closed, laysOut: false));
            }
        }
    }

    [Fact]
    public void Another_release_may_write_fields_in_any_order_and_numbers_unpacked_and_fields_that_this_one_does_not_know()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var random = new Random(seed);
            var state = Sample(seed);
            var stored = Stored.DebtorState.Parser.ParseFrom(StateWriter.Write(state, Seal));
            var personal = OtherOrder.Of(Seal.OpenState(stored.Sealed.ToByteArray()), Stored.PersonalFields.Descriptor, random);
            stored.Sealed = ByteString.CopyFrom(Seal.SealState(personal));
            foreach (var bytes in (byte[][])[stored.ToByteArray(), OtherOrder.Of(stored.ToByteArray(), Stored.DebtorState.Descriptor, random)])
            {
                Assert.Equal(Structure.Describe(state), Structure.Describe(StateCodec.Decode(Row, bytes, Ring).State));
                Assert.Equal(Structure.Describe(Generated(bytes)), Structure.Describe(StateCodec.Decode(Row, bytes, Ring).State));
            }

            var clear = OtherOrder.Of(StateWriter.Write(state, seal: null), Stored.DebtorState.Descriptor, random);
            Assert.Equal(Structure.Describe(state), Structure.Describe(StateCodec.Decode(Row, clear, Ring).State));
        }
    }

    [Fact]
    public void Of_a_field_that_stands_twice_the_last_one_counts()
    {
        byte[] twice =
        [
            .. new Stored.DebtorState { SourceVersion = 1, Wake = new Stored.Wake { Reason = "first", Band = 2 } }.ToByteArray(),
            .. new Stored.DebtorState { SourceVersion = 2, Wake = new Stored.Wake { Reason = "second" } }.ToByteArray(),
        ];
        var state = StateCodec.DecodeSealed(Row, twice);
        Assert.Equal((2, "second", 0), (state.SourceVersion, state.Wake.Reason, state.Wake.Band));
    }

    [Fact]
    public void A_word_that_is_not_there_is_refused() =>
        Refused(new Stored.DebtorState { Words = { "loan" }, Accounts = { new Stored.Account { Id = 2 } } }.ToByteArray());

    [Fact]
    public void A_number_out_of_its_bounds_is_refused()
    {
        Refused(new Stored.DebtorState { Phase = 256 }.ToByteArray());
        Refused(new Stored.DebtorState { Contacts = { new Stored.Contact { FirstDate = 1 } } }.ToByteArray());
        Refused(new Stored.DebtorState { Contacts = { new Stored.Contact { DispatchVersion = ulong.MaxValue } } }.ToByteArray());
        Refused(new Stored.DebtorState { Plans = { new Stored.Plan { LastDay = int.MinValue } } }.ToByteArray());
    }

    [Fact]
    public void More_addresses_than_points_are_refused()
    {
        var stored = Stored.DebtorState.Parser.ParseFrom(StateWriter.Write(new DebtorState { Key = Key }, Seal));
        stored.Sealed = ByteString.CopyFrom(Seal.SealState(new Stored.PersonalFields { Addresses = { "+573001234567" } }.ToByteArray()));
        Assert.Throws<UnreadableBytesException>(() => StateCodec.Decode(Row, stored.ToByteArray(), Ring));
    }

    [Fact]
    public void Fewer_addresses_than_points_leave_the_last_ones_blank()
    {
        var state = new DebtorState { Key = Key, Points = [Point("a"), Point("b")] };
        var stored = Stored.DebtorState.Parser.ParseFrom(StateWriter.Write(state, Seal));
        stored.Sealed = ByteString.CopyFrom(Seal.SealState(new Stored.PersonalFields { Addresses = { "+573001234567" } }.ToByteArray()));
        var read = StateCodec.Decode(Row, stored.ToByteArray(), Ring).State;
        Assert.Equal(["+573001234567", ""], read.Points.Select(static point => point.Address));
    }

    internal static DebtorState Sample(int seed)
    {
        var state = (DebtorState)Structure.Fill(typeof(DebtorState), new Random(seed)) with { Key = Key };
        return state with { Contacts = [.. state.Contacts.Select((contact, at) => at == 0 ? contact with { Id = DispatchId.Of(Key.Debtor, 1 + seed).Value } : contact)] };
    }

    private static ContactPoint Point(string id) => new() { Id = new PointId(id), Kind = PointKind.Mobile, Address = "" };

    private static DebtorState Generated(byte[] bytes)
    {
        var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
        if (!stored.WrappedKey.IsEmpty) GeneratedReading.Restore(stored, DebtorSeal.Open(Ring, Row, stored.WrappedKey.Span).OpenState(stored.Sealed.ToByteArray()));
        return new GeneratedReading(Key, stored).Read();
    }

    private static void Refused(byte[] bytes) => Assert.Throws<UnreadableBytesException>(() => StateCodec.DecodeSealed(Row, bytes));
}
