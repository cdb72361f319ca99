using Scheduler.Protocol.Events;

namespace Scheduler.Storage.Sealing;

/// <summary>
/// One debtor's data key, open in memory, and wrapped as the row holds it. Who destroys the row's copy makes everything sealed by it unreadable.
/// </summary>
/// <remarks>Threading: owned by one activation or one call.</remarks>
public sealed class DebtorSeal : IEventSeal
{
    /// <summary>What a box was sealed for stands in its context, so that a row's box never passes for an event's.</summary>
    private const byte StateContext = 1;
    private const byte EventContext = 2;

    private readonly byte[] _key;
    private byte[] _plain = [];
    private byte[] _box = [];

    /// <summary>Who makes a debtor writes it once, as a rule: the first box is not kept.</summary>
    private bool _isFirst;

    private DebtorSeal(byte[] key, byte[] wrapped)
    {
        _key = key;
        Wrapped = wrapped;
    }

    /// <summary>The data key under the newest master key.</summary>
    public ReadOnlyMemory<byte> Wrapped { get; }

    public static DebtorSeal Create(KeyRing ring, DebtorKey debtor)
    {
        var key = Ciphers.NextKey();
        return new DebtorSeal(key, ring.Wrap(key, debtor)) { _isFirst = true };
    }

    /// <summary>A data key that an older master key wrapped is wrapped anew; the debtor's next write stores it.</summary>
    public static DebtorSeal Open(KeyRing ring, DebtorKey debtor, ReadOnlySpan<byte> wrapped)
    {
        var key = ring.Unwrap(wrapped, debtor);
        return new DebtorSeal(key, KeyRing.VersionOf(wrapped) == ring.Newest ? wrapped.ToArray() : ring.Wrap(key, debtor));
    }

    public byte[] SealEvents(ReadOnlySpan<byte> plain) => AesSeal.Seal(Ciphers.OfDebtor(_key), plain, [EventContext]);

    public int Overhead => AesSeal.Overhead;

    public void SealEvents(ReadOnlySpan<byte> plain, Span<byte> box) => AesSeal.Seal(Ciphers.OfDebtor(_key), plain, [EventContext], box);

    public byte[] OpenEvents(ReadOnlySpan<byte> box) => AesSeal.Open(Ciphers.OfDebtor(_key), box, [EventContext]);

    /// <summary>Fields that have not changed keep their box: most writes of a debtor seal nothing.</summary>
    public void SealState(ReadOnlySpan<byte> plain, Span<byte> box)
    {
        if (_box.Length > 0 && plain.SequenceEqual(_plain))
        {
            _box.CopyTo(box);
            return;
        }

        AesSeal.Seal(Ciphers.OfDebtor(_key), plain, [StateContext], box);
        if (!_isFirst) (_box, _plain) = (box.ToArray(), plain.ToArray());
        _isFirst = false;
    }

    public byte[] SealState(ReadOnlySpan<byte> plain)
    {
        var box = new byte[AesSeal.Overhead + plain.Length];
        SealState(plain, box);
        return box;
    }

    public byte[] OpenState(byte[] box)
    {
        _plain = AesSeal.Open(Ciphers.OfDebtor(_key), box, [StateContext]);
        _box = box;
        return _plain;
    }
}
