using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Scheduler.Domain.Debtors;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Tests.Codec;

/// <summary>The state's own writer against the classes generated from <c>state.proto</c>: what it writes is what they would have written.</summary>
public sealed class StateWireTests
{
    private const int Samples = 200;

    private static readonly DebtorKey Key = new("acme", "d1");

    private static readonly Storage.DebtorKey Row = new("acme", "d1");

    private static readonly KeyRing Ring = new([new MasterKey(1, new byte[MasterKey.Bytes])]);

    [Fact]
    public void Bytes_of_a_state_are_those_of_its_message_and_no_more() => Prop.ForAll<int>(static seed =>
    {
        foreach (var phase in (DebtorPhase[])[DebtorPhase.Waiting, DebtorPhase.Erased])
        {
            foreach (var (message, length) in Written(Sample(seed) with { Phase = phase }))
            {
                Assert.Equal(message.CalculateSize(), length);
                var again = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
                Assert.Equal(message, again);
                // What no message knows would stand among its unknown fields, and be equal too.
                Assert.Equal(message, message.Descriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray()));
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_field_of_every_stored_message_is_written_by_some_state()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seed in Enumerable.Range(0, Samples))
        {
            foreach (var phase in (DebtorPhase[])[DebtorPhase.Waiting, DebtorPhase.Erased])
            {
                foreach (var (message, _) in Written(Sample(seed) with { Phase = phase })) Note(message, seen);
            }
        }

        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in Stored.StateReflection.Descriptor.MessageTypes) all.UnionWith(message.Fields.InDeclarationOrder().Select(static field => field.FullName));
        Assert.Equal(all.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Personal_fields_are_written_as_the_generated_class_writes_them_so_that_boxes_of_older_rows_are_kept() => Prop.ForAll<int>(static seed =>
    {
        var seal = DebtorSeal.Create(Ring, Row);
        var stored = Stored.DebtorState.Parser.ParseFrom(StateCodec.Encode(Sample(seed) with { Phase = DebtorPhase.Waiting }, seal));
        var plain = seal.OpenState(stored.Sealed.ToByteArray());
        Assert.Equal(Stored.PersonalFields.Parser.ParseFrom(plain).ToByteArray(), plain);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_of_a_state_is_left_for_the_next_one()
    {
        var seal = DebtorSeal.Create(Ring, Row);
        var small = new DebtorState { Key = Key };
        StateCodec.Encode(small, seal);
        var before = StateCodec.Encode(small, seal);
        foreach (var seed in Enumerable.Range(0, Samples))
        {
            var large = Sample(seed);
            StateCodec.Encode(large with { Contacts = [.. Enumerable.Repeat(large.Contacts, 40).SelectMany(static all => all)] }, DebtorSeal.Create(Ring, Row));
            Assert.Equal(before, StateCodec.Encode(small, seal));
        }
    }

    private static DebtorState Sample(int seed)
    {
        var state = (DebtorState)Structure.Fill(typeof(DebtorState), new Random(seed)) with { Key = Key };
        return state with { Contacts = [.. state.Contacts.Select((contact, at) => at == 0 ? contact with { Id = DispatchId.Of(Key.Debtor, 1 + (seed & 0xFFFF)).Value } : contact)] };
    }

    private static IEnumerable<(IMessage Message, int Length)> Written(DebtorState state)
    {
        var seal = DebtorSeal.Create(Ring, Row);
        var bytes = StateCodec.Encode(state, seal);
        var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
        yield return (stored, bytes.Length);
        if (stored.Sealed.IsEmpty) yield break;
        var plain = seal.OpenState(stored.Sealed.ToByteArray());
        yield return (Stored.PersonalFields.Parser.ParseFrom(plain), plain.Length);
    }

    private static void Note(IMessage message, HashSet<string> seen)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsRepeated)
            {
                var items = (System.Collections.IList)value;
                if (items.Count > 0) seen.Add(field.FullName);
                foreach (var item in items) if (item is IMessage nested) Note(nested, seen);
            }
            else if (field.FieldType == FieldType.Message)
            {
                if (value is null) continue;
                seen.Add(field.FullName);
                Note((IMessage)value, seen);
            }
            else if (field.HasPresence ? field.Accessor.HasValue(message) : !IsUsual(value))
            {
                seen.Add(field.FullName);
            }
        }
    }

    private static bool IsUsual(object value) => value switch
    {
        string text => text.Length == 0,
        ByteString bytes => bytes.IsEmpty,
        _ => Convert.ToDouble(value, null) == 0,
    };
}
