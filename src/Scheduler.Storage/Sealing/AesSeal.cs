using System.Security.Cryptography;

namespace Scheduler.Storage.Sealing;

/// <summary>AES-256-GCM over one message: nonce, sealed bytes, tag. The context is bound to it and not stored.</summary>
internal static class AesSeal
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;
    public const int Overhead = NonceBytes + TagBytes;

    public static byte[] Seal(AesGcm aes, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var box = new byte[Overhead + plain.Length];
        Seal(aes, plain, context, box);
        return box;
    }

    public static void Seal(AesGcm aes, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context, Span<byte> box)
    {
        var nonce = box[..NonceBytes];
        Ciphers.NextNonce(nonce);
        aes.Encrypt(nonce, plain, box.Slice(NonceBytes, plain.Length), box[^TagBytes..], context);
    }

    public static byte[] Open(AesGcm aes, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        if (box.Length < Overhead) throw new SealException("What was to be opened is too short.");
        var plain = new byte[box.Length - Overhead];
        try
        {
            aes.Decrypt(box[..NonceBytes], box[NonceBytes..^TagBytes], box[^TagBytes..], plain, context);
            return plain;
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new SealException("What was to be opened was changed, or sealed by another key.", mismatch);
        }
    }
}
