using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Scheduler.Storage.Sealing;

/// <summary>
/// The master keys of one installation and what is derived from them, each for one purpose (HKDF-SHA256): wrapping debtors' data keys, digests of
/// addresses, the suppression list.
/// </summary>
/// <remarks>
/// Digests are looked up for ever, so they come from the first key, which is never taken out of the ring. Threading: any.
/// </remarks>
public sealed class KeyRing
{
    private const string WrapPurpose = "scheduler/wrap/v1";
    private const string CheckPurpose = "scheduler/check/v1";
    private const string AddressPurpose = "scheduler/address/v1/";
    private const string SuppressionPurpose = "scheduler/suppression/v1/";
    private const int DigestBytes = 16;
    private const int VersionBytes = sizeof(int);
    private const int StackBytes = 512;

    private readonly ImmutableSortedDictionary<int, byte[]> _wrapping;
    private readonly ImmutableSortedDictionary<int, ReadOnlyMemory<byte>> _checks;
    private readonly MasterKey _first;

    // Bounded by the tenants of the installation.
    private readonly ConcurrentDictionary<string, byte[]> _addressKeys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _suppressionKeys = new(StringComparer.Ordinal);

    public KeyRing(IReadOnlyCollection<MasterKey> keys)
    {
        if (keys.Count == 0) throw new ArgumentException("A key ring holds a key.", nameof(keys));
        _wrapping = keys.ToImmutableSortedDictionary(static k => k.Version, static k => Derive(k, WrapPurpose));
        _checks = keys.ToImmutableSortedDictionary(static k => k.Version, static k => (ReadOnlyMemory<byte>)Derive(k, CheckPurpose));
        _first = keys.MinBy(static k => k.Version)!;
        Newest = _wrapping.Keys.Last();
    }

    /// <summary>Version of the key that new data keys are wrapped under.</summary>
    public int Newest { get; }

    /// <summary>By version a value that tells the key from any other and nothing about it.</summary>
    public IReadOnlyDictionary<int, ReadOnlyMemory<byte>> CheckValues => _checks;

    /// <summary>Digest of an address in its normal form, the same for ever within a tenant and without meaning outside it.</summary>
    public string DigestAddress(string tenant, string address) => Digest(_addressKeys, AddressPurpose, tenant, address);

    /// <summary>Digest for the suppression list: of an erased debtor's id, or of an address that was theirs.</summary>
    public string DigestSuppressed(string tenant, string text) => Digest(_suppressionKeys, SuppressionPurpose, tenant, text);

    /// <summary>A data key of a debtor under the newest master key; the debtor's key is bound to it, so that it opens nothing of another debtor's.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> dataKey, DebtorKey debtor)
    {
        var wrapped = new byte[VersionBytes + AesSeal.Overhead + dataKey.Length];
        BinaryPrimitives.WriteInt32BigEndian(wrapped, Newest);
        var length = Encoding.UTF8.GetByteCount(debtor.Text);
        Span<byte> context = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(debtor.Text, context);
        AesSeal.Seal(Ciphers.OfWrapping(_wrapping[Newest]), dataKey, context, wrapped.AsSpan(VersionBytes));
        return wrapped;
    }

    internal byte[] Unwrap(ReadOnlySpan<byte> wrapped, DebtorKey debtor)
    {
        var version = VersionOf(wrapped);
        if (!_wrapping.TryGetValue(version, out var key)) throw new SealException($"Master key {version} is not in the ring.");
        var length = Encoding.UTF8.GetByteCount(debtor.Text);
        Span<byte> context = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(debtor.Text, context);
        return AesSeal.Open(Ciphers.OfWrapping(key), wrapped[VersionBytes..], context);
    }

    internal static int VersionOf(ReadOnlySpan<byte> wrapped) => wrapped.Length > VersionBytes ? BinaryPrimitives.ReadInt32BigEndian(wrapped) : 0;

    private static byte[] Derive(MasterKey key, string purpose) =>
        HKDF.Expand(HashAlgorithmName.SHA256, Extract(key), MasterKey.Bytes, Encoding.UTF8.GetBytes(purpose));

    private static byte[] Extract(MasterKey key) => HKDF.Extract(HashAlgorithmName.SHA256, key.Secret.ToArray());

    private string Digest(ConcurrentDictionary<string, byte[]> keys, string purpose, string tenant, string text)
    {
        var key = keys.GetOrAdd(tenant, static (name, derived) => Derive(derived.First, derived.Purpose + name), (First: _first, Purpose: purpose));
        var length = Encoding.UTF8.GetByteCount(text);
        Span<byte> bytes = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var hash = Ciphers.OfDigests(key);
        hash.AppendData(bytes);
        hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest[..DigestBytes]);
    }
}
