using Scheduler.Domain.Debtors;
using Scheduler.Storage.Sealing;

namespace Scheduler.Storage.Codec;

/// <summary>A debtor's state to the bytes of its row and back. Fields that a newer release wrote are skipped; personal fields are sealed.</summary>
/// <remarks>Bytes that are no state throw <see cref="UnreadableBytesException"/>, a seal that cannot be opened throws <see cref="SealException"/>.</remarks>
public static class StateCodec
{
    /// <summary>A tombstone holds no key: with it the last copy outside of backups is gone.</summary>
    public static byte[] Encode(DebtorState state, DebtorSeal seal) => StateWriter.Write(state, state.Phase == DebtorPhase.Erased ? null : seal);

    /// <param name="key">The key is the row's, so it is not stored in the bytes.</param>
    /// <param name="bytes">State of a row.</param>
    /// <param name="ring">Opens the debtor's data key.</param>
    public static (DebtorState State, DebtorSeal Seal) Decode(DebtorKey key, ReadOnlySpan<byte> bytes, KeyRing ring)
    {
        var outline = new StateOutline(bytes);
        if (outline.WrappedKey.IsEmpty) return (Read(key, outline, PersonalReader.InClear), DebtorSeal.Create(ring, key));
        var seal = DebtorSeal.Open(ring, key, outline.WrappedKey);
        var personal = seal.OpenState(outline.Sealed.ToArray());
        return (Read(key, outline, PersonalReader.Opened(personal)), seal);
    }

    /// <summary>The debtor's data key as the row holds it; null for a tombstone, and for a row that was written before sealing.</summary>
    public static DebtorSeal? OpenSeal(DebtorKey key, ReadOnlySpan<byte> bytes, KeyRing ring)
    {
        var wrapped = new StateOutline(bytes).WrappedKey;
        return wrapped.IsEmpty ? null : DebtorSeal.Open(ring, key, wrapped);
    }

    /// <summary>Everything but the personal fields, which are blank.</summary>
    public static DebtorState DecodeSealed(DebtorKey key, ReadOnlySpan<byte> bytes) => Read(key, new StateOutline(bytes), PersonalReader.Closed);

    private static DebtorState Read(DebtorKey key, StateOutline outline, PersonalReader personal)
    {
        try
        {
            return StateReader.Read(key, outline, personal);
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            // A number that its instant, date or enumeration has no value for.
            throw new UnreadableBytesException("A stored state holds a number that is out of its bounds.", failure);
        }
    }
}
