using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>What has to be known of a state before any of it is read: its key and what is sealed with it, and its words. They stand behind the rest.</summary>
internal readonly ref struct StateOutline
{
    public StateOutline(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        var (first, words) = (0, 0);
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Stored.DebtorState.WordsFieldNumber:
                    if (words++ == 0) first = reader.Start;
                    break;
                case Stored.DebtorState.WrappedKeyFieldNumber:
                    WrappedKey = reader.Bytes;
                    break;
                case Stored.DebtorState.SealedFieldNumber:
                    Sealed = reader.Bytes;
                    break;
            }
        }

        Words = new WireElements(bytes, Stored.DebtorState.WordsFieldNumber, first, words);
    }

    /// <summary>Those of the state.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Empty in a tombstone, and in a row that was written before sealing.</summary>
    public ReadOnlySpan<byte> WrappedKey { get; }

    public ReadOnlySpan<byte> Sealed { get; }

    public WireElements Words { get; }
}
