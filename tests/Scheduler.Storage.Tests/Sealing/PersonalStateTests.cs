using Scheduler.Domain.Debtors;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Storage.Tests.Sealing;

public sealed class PersonalStateTests
{
    private static readonly DebtorKey Row = new("bank", "ana");

    [Fact]
    public void A_row_written_before_sealing_is_read_as_it_is_and_sealed_with_the_next_write()
    {
        var ring = new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]);
        var before = new DebtorState
        {
            Key = new Domain.Debtors.DebtorKey("bank", "ana"),
            Points = [new ContactPoint { Id = new PointId("mobile"), Kind = PointKind.Mobile, Address = "+573001234567" }],
            Accounts = [new Account { Id = new AccountId("loan"), Variables = [new("name", "Ana Maria")] }],
        };

        var (read, seal) = StateCodec.Decode(Row, StateWriter.Write(before, seal: null), ring);
        Assert.Equal("+573001234567", read.Points[0].Address);
        var bytes = StateCodec.Encode(read, seal);
        Assert.Equal(-1, bytes.AsSpan().IndexOf("3001234567"u8));
        var (after, _) = StateCodec.Decode(Row, bytes, ring);
        Assert.Equal("+573001234567", after.Points[0].Address);
        Assert.Equal("Ana Maria", after.Accounts[0].Variables[0].Value);
    }

    [Fact]
    public void A_box_is_kept_from_the_second_write_on_for_as_long_as_the_personal_fields_are_the_same()
    {
        var ring = new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]);
        var seal = DebtorSeal.Create(ring, Row);
        byte[][] boxes = [.. Enumerable.Range(0, 4).Select(_ => seal.SealState([1, 2, 3])), seal.SealState([1, 2, 4])];
        Assert.NotEqual(boxes[0], boxes[1]);
        Assert.Equal(boxes[1], boxes[2]);
        Assert.Equal(boxes[1], boxes[3]);
        Assert.NotEqual(boxes[3], boxes[4]);
        Assert.Equal([1, 2, 3], seal.OpenState(boxes[0]));
        Assert.Equal(boxes[0], seal.SealState([1, 2, 3]));
    }

    [Fact]
    public void After_a_rotation_the_next_write_wraps_the_data_key_anew_and_what_it_sealed_still_opens()
    {
        var old = new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]);
        var second = new byte[MasterKey.Bytes];
        second[0] = 1;
        var rotated = new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes]), new MasterKey(2, second)]);
        var first = DebtorSeal.Create(old, Row);
        var box = first.SealEvents([1, 2, 3]);

        var (state, seal) = StateCodec.Decode(Row, StateCodec.Encode(new DebtorState { Key = new Domain.Debtors.DebtorKey("bank", "ana") }, first), rotated);
        Assert.Equal(2, KeyRing.VersionOf(seal.Wrapped.Span));
        var (_, again) = StateCodec.Decode(Row, StateCodec.Encode(state, seal), new KeyRing([new MasterKey(2, second)]));
        Assert.Equal([1, 2, 3], again.OpenEvents(box));
    }
}
