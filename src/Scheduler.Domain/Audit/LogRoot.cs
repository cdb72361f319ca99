using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Scheduler.Domain.Audit;

/// <summary>What was signed about a tenant's log on one day: every record after one cursor and up to another, on top of the day before.</summary>
/// <param name="Day">The UTC day that had ended.</param>
/// <param name="RecordCount">Records of the tenant in the span.</param>
/// <param name="Previous">The root before, in lower-case hex; zeros for the first.</param>
/// <param name="Root">In lower-case hex.</param>
public sealed record LogRoot(string Tenant, LocalDate Day, long AfterCursor, long UpToCursor, long RecordCount, string Previous, string Root)
{
    public static readonly string Zero = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>The bytes that are signed: one value a line, in this order, so that any tool can make them again.</summary>
    public byte[] Statement() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"scheduler-root/v1\n{Tenant}\n{Day:uuuu-MM-dd}\n{AfterCursor}\n{UpToCursor}\n{RecordCount}\n{Previous}\n{Root}\n"));
}

/// <summary>
/// Makes a root: SHA-256 over the root before and, for each record of the tenant in the log's order, its cursor, its debtor and its chain hash.
/// So it commits to every head, to the set of records and to their order. Threading: owned by one reader.
/// </summary>
public sealed class RootHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public RootHash(string previous) => _hash.AppendData(Convert.FromHexString(previous));

    public long RecordCount { get; private set; }

    public void Take(long cursor, string debtorId, ReadOnlySpan<byte> chain)
    {
        var id = Encoding.UTF8.GetBytes(debtorId);
        Span<byte> head = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64BigEndian(head, cursor);
        BinaryPrimitives.WriteInt32BigEndian(head[sizeof(long)..], id.Length);
        _hash.AppendData(head);
        _hash.AppendData(id);
        _hash.AppendData(chain);
        RecordCount++;
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}

/// <summary>ECDSA over P-256 with SHA-256, as <c>openssl dgst -sha256 -verify</c> knows it (DER signatures).</summary>
public static class RootSignature
{
    private const int IdLength = 16;

    public static byte[] Sign(ECDsa key, LogRoot root) => Sign(key, root.Statement());

    public static bool Verify(ECDsa key, LogRoot root, ReadOnlySpan<byte> signature) => Verify(key, root.Statement(), signature);

    public static byte[] Sign(ECDsa key, LogCheckpoint checkpoint) => Sign(key, checkpoint.Statement());

    public static bool Verify(ECDsa key, LogCheckpoint checkpoint) => Verify(key, checkpoint.Statement(), checkpoint.Signature.Span);

    /// <summary>Names the key: the first characters of the SHA-256 of its public part.</summary>
    public static string KeyId(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..IdLength];

    private static byte[] Sign(ECDsa key, byte[] statement) => key.SignData(statement, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private static bool Verify(ECDsa key, byte[] statement, ReadOnlySpan<byte> signature) =>
        key.VerifyData(statement, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
