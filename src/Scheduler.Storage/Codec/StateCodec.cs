using Google.Protobuf;
using Scheduler.Domain.Debtors;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>A debtor's state to the bytes of its row and back. Fields that a newer release wrote are skipped.</summary>
public static class StateCodec
{
    public static byte[] Encode(DebtorState state) => new StateWriter(state).Write().ToByteArray();

    /// <param name="key">The key is the row's, so it is not stored in the bytes.</param>
    /// <param name="bytes">State of a row.</param>
    public static DebtorState Decode(Domain.Debtors.DebtorKey key, ReadOnlySpan<byte> bytes) =>
        new StateReader(key, Stored.DebtorState.Parser.ParseFrom(bytes)).Read();
}
