using System.Security.Cryptography;

namespace Scheduler.Storage.Sealing;

/// <summary>
/// The platform's cipher, MAC and random source, kept open by each thread: opening one costs more than sealing a debtor's fields with it.
/// </summary>
/// <remarks>
/// Keys are told apart by reference, so their arrays must never be written to. Threading: any; what is answered belongs to the calling thread and must
/// not be carried over an await.
/// </remarks>
internal static class Ciphers
{
    private const int NoncesAtOnce = 64;
    private const int KeysAtOnce = 16;

    [ThreadStatic]
    private static (byte[] Key, AesGcm Aes)? wrapping;

    [ThreadStatic]
    private static (byte[] Key, AesGcm Aes)? debtors;

    [ThreadStatic]
    private static (byte[] Key, IncrementalHash Hash)? digests;

    [ThreadStatic]
    private static byte[]? nonces;

    [ThreadStatic]
    private static int noncesLeft;

    [ThreadStatic]
    private static byte[]? keys;

    [ThreadStatic]
    private static int keysLeft;

    /// <summary>For a key under which data keys are wrapped: one in use, and those before it while rows are still under them.</summary>
    public static AesGcm OfWrapping(byte[] key) => Of(ref wrapping, key);

    /// <summary>For a debtor's data key: a write seals its events and its state one after the other.</summary>
    public static AesGcm OfDebtor(byte[] key) => Of(ref debtors, key);

    public static IncrementalHash OfDigests(byte[] key)
    {
        if (digests is { } held && ReferenceEquals(held.Key, key)) return held.Hash;
        digests?.Hash.Dispose();
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        digests = (key, hash);
        return hash;
    }

    /// <summary>Random bytes that were never answered before; drawn many at once.</summary>
    public static void NextNonce(Span<byte> nonce)
    {
        nonces ??= new byte[NoncesAtOnce * AesSeal.NonceBytes];
        if (noncesLeft == 0)
        {
            RandomNumberGenerator.Fill(nonces);
            noncesLeft = NoncesAtOnce;
        }

        noncesLeft--;
        nonces.AsSpan(noncesLeft * AesSeal.NonceBytes, AesSeal.NonceBytes).CopyTo(nonce);
    }

    /// <summary>A data key that nobody has had before. Those drawn with it wait in memory, as the keys of debtors at work do; what was handed out is wiped there.</summary>
    public static byte[] NextKey()
    {
        keys ??= new byte[KeysAtOnce * MasterKey.Bytes];
        if (keysLeft == 0)
        {
            RandomNumberGenerator.Fill(keys);
            keysLeft = KeysAtOnce;
        }

        keysLeft--;
        var drawn = keys.AsSpan(keysLeft * MasterKey.Bytes, MasterKey.Bytes);
        var key = drawn.ToArray();
        drawn.Clear();
        return key;
    }

    private static AesGcm Of(ref (byte[] Key, AesGcm Aes)? slot, byte[] key)
    {
        if (slot is { } held && ReferenceEquals(held.Key, key)) return held.Aes;
        slot?.Aes.Dispose();
        var aes = new AesGcm(key, AesSeal.TagBytes);
        slot = (key, aes);
        return aes;
    }
}
