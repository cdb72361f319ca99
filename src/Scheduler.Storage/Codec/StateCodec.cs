using Scheduler.Domain.Debtors;
using Scheduler.Storage.Sealing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>A debtor's state to the bytes of its row and back. Fields that a newer release wrote are skipped; personal fields are sealed.</summary>
public static class StateCodec
{
    /// <summary>A tombstone holds no key: with it the last copy outside of backups is gone.</summary>
    public static byte[] Encode(DebtorState state, DebtorSeal seal) => StateWriter.Write(state, state.Phase == DebtorPhase.Erased ? null : seal);

    /// <param name="key">The key is the row's, so it is not stored in the bytes.</param>
    /// <param name="bytes">State of a row.</param>
    /// <param name="ring">Opens the debtor's data key.</param>
    public static (DebtorState State, DebtorSeal Seal) Decode(DebtorKey key, ReadOnlySpan<byte> bytes, KeyRing ring)
    {
        var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
        DebtorSeal seal;
        if (stored.WrappedKey.IsEmpty)
        {
            seal = DebtorSeal.Create(ring, key);
        }
        else
        {
            seal = DebtorSeal.Open(ring, key, stored.WrappedKey.Span);
            PersonalState.Restore(stored, seal.OpenState(stored.Sealed.ToByteArray()));
        }

        return (Read(key, stored), seal);
    }

    /// <summary>The debtor's data key as the row holds it; null for a tombstone, and for a row that was written before sealing.</summary>
    public static DebtorSeal? OpenSeal(DebtorKey key, ReadOnlySpan<byte> bytes, KeyRing ring)
    {
        var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
        return stored.WrappedKey.IsEmpty ? null : DebtorSeal.Open(ring, key, stored.WrappedKey.Span);
    }

    /// <summary>Everything but the personal fields, which are blank.</summary>
    public static DebtorState DecodeSealed(DebtorKey key, ReadOnlySpan<byte> bytes)
    {
        var stored = Stored.DebtorState.Parser.ParseFrom(bytes);
        PersonalState.Blank(stored);
        return Read(key, stored);
    }

    private static DebtorState Read(DebtorKey key, Stored.DebtorState stored) =>
        new StateReader(new Domain.Debtors.DebtorKey(key.Tenant, key.Debtor), stored).Read();
}
