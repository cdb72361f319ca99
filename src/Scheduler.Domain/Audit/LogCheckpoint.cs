using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>What stands in a debtor's log in place of the records that were dropped: up to where, over what, and what of them is kept.</summary>
/// <param name="Cursor">The newest record that was dropped; the checkpoint stands in its place.</param>
/// <param name="ChainHash">Head of the debtor's chain after that record, in lower-case hex.</param>
/// <param name="EventCount">Events of the debtor's chain up to there.</param>
/// <param name="RecordCount">Records up to there, the checkpoint's own among them.</param>
/// <param name="RecordsDigest">Of those records by <see cref="RecordsDigest"/>, in lower-case hex.</param>
/// <param name="TakenAt">When they were dropped.</param>
/// <param name="ContentsDigest">SHA-256 of the stored contents, in lower-case hex.</param>
public sealed record LogCheckpoint(
    DebtorKey Debtor, long Cursor, string ChainHash, long EventCount, long RecordCount, string RecordsDigest, Instant TakenAt, string ContentsDigest)
{
    /// <summary>Names the key that it is signed with.</summary>
    public string KeyId { get; init; } = "";

    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>What is kept; sealed fields are blank where they were not opened.</summary>
    public KeptContents Contents { get; init; } = KeptContents.Empty;

    /// <summary>The bytes that are signed: one value a line, in this order, so that any tool can make them again.</summary>
    public byte[] Statement() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"scheduler-checkpoint/v1\n{Debtor.Tenant}\n{Debtor.Debtor}\n{Cursor}\n{ChainHash}\n{EventCount}\n{RecordCount}\n{RecordsDigest}\n{TakenAt.ToUnixTimeMilliseconds()}\n{ContentsDigest}\n"));
}

/// <summary>What of dropped records is kept: everything that later decisions, audits and an erasure look for in the log.</summary>
public sealed record KeptContents
{
    public static readonly KeptContents Empty = new();

    /// <summary>Oldest first.</summary>
    public ImmutableArray<KeptRecord> Records { get; init; } = [];

    /// <summary>Every address ever listed; blank for an erased debtor.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>Providers' ids of contacts.</summary>
    public ImmutableArray<string> ProviderContacts { get; init; } = [];

    /// <summary>The latest contact or closing; null where there was none.</summary>
    public Instant? LastActAt { get; init; }

    /// <summary>The highest fence that was handed out.</summary>
    public long LastFence { get; init; }
}

/// <summary>Events of one dropped record that are kept, one after the other in the chain.</summary>
/// <param name="FirstSequence">Position of the first in the debtor's chain.</param>
public sealed record KeptRecord(Instant RecordedAt, long FirstSequence, ImmutableArray<DebtorEvent> Events);

/// <summary>
/// Rolls over a debtor's records in their order: SHA-256 over the digest before, the cursor (8 bytes, big-endian) and the chain hash. Made from rows whose
/// contents are gone as well as from whole ones.
/// </summary>
public static class RecordsDigest
{
    public static readonly ImmutableArray<byte> Zero = [.. new byte[SHA256.HashSizeInBytes]];

    public static ImmutableArray<byte> Extend(ImmutableArray<byte> digest, long cursor, ReadOnlySpan<byte> chain)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, cursor);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(digest.AsSpan());
        hash.AppendData(number);
        hash.AppendData(chain);
        return [.. hash.GetHashAndReset()];
    }
}
