using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Storage.Evidence;

/// <summary>
/// The signed daily roots: makes the next ones from the log, keeps them beside the settings, lists them. One root per tenant and day, also for a
/// day without records.
/// </summary>
/// <remarks>Threading: one signer at a time; listing from anywhere. The log is read in pages, so no reader waits long.</remarks>
/// <param name="log">The records.</param>
/// <param name="settings">Where roots are kept.</param>
/// <param name="key">Signs.</param>
/// <param name="formerKeys">Public keys of those that it replaced: what they signed holds still.</param>
public sealed class RootBook(IEventLog log, ISettingsStore settings, ECDsa key, IReadOnlyList<ECDsa>? formerKeys = null)
{
    public const string SettingPrefix = "evidence/root/";

    /// <summary>Public keys that signed here, by key id: a key file that is replaced takes its public part with it.</summary>
    private const string KeyPrefix = "evidence/signing-key/";

    private const string Actor = "host";
    private const int RecordsAtOnce = 500;

    public string PublicKeyPem { get; } = key.ExportSubjectPublicKeyInfoPem() + "\n";

    public async Task<IReadOnlyList<DailyRoot>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = await settings.ListSettingsAsync($"{SettingPrefix}{tenant}/", cancellationToken);
        return [.. rows.Select(static row => DailyRoot.Parser.ParseFrom(row.Value.Span)).OrderBy(static root => root.UpToCursor).ThenBy(static root => root.SignTime)];
    }

    /// <summary>Every tenant's roots.</summary>
    public async Task<IReadOnlyList<DailyRoot>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await settings.ListSettingsAsync(SettingPrefix, cancellationToken)).Select(static row => DailyRoot.Parser.ParseFrom(row.Value.Span))];

    /// <summary>The keys of a tenant's roots, in the order in which they signed; the present one last.</summary>
    public async Task<IReadOnlyList<RootKey>> ListKeysAsync(IReadOnlyList<DailyRoot> signed, CancellationToken cancellationToken)
    {
        var present = RootSignature.KeyId(key);
        var kept = (await settings.ListSettingsAsync(KeyPrefix, cancellationToken))
            .ToDictionary(static row => row.Key[KeyPrefix.Length..], static row => Encoding.UTF8.GetString(row.Value.Span), StringComparer.Ordinal);
        var keys = signed.Select(static root => root.KeyId).Concat(kept.Keys).Where(id => id != present).Distinct(StringComparer.Ordinal).Append(present);
        return [.. keys.Select(id => KeyOf(id, id == present ? PublicKeyPem : kept.GetValueOrDefault(id, ""), signed))
            .OrderBy(static one => one.Present).ThenBy(static one => one.LastDay is { } last ? ScalarMap.ToDate(last) : LocalDate.MinIsoValue)];

        RootKey KeyOf(string id, string pem, IReadOnlyList<DailyRoot> roots) => new()
        {
            KeyId = id,
            PublicKeyPem = pem,
            FirstDay = roots.FirstOrDefault(root => root.KeyId == id)?.Day,
            LastDay = roots.LastOrDefault(root => root.KeyId == id)?.Day,
            Present = id == present,
        };
    }

    /// <summary>By tenant the cursor up to which its records are under a signed root.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadSignedEndsAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).GroupBy(static root => root.TenantId, StringComparer.Ordinal)
        .ToDictionary(static roots => roots.Key, static roots => roots.Max(static root => root.UpToCursor), StringComparer.Ordinal);

    /// <summary>The checkpoint with the signature of the key that signs roots.</summary>
    public LogCheckpoint Sign(LogCheckpoint checkpoint) => checkpoint with { KeyId = RootSignature.KeyId(key), Signature = RootSignature.Sign(key, checkpoint) };

    /// <summary>By this key, or one that it replaced.</summary>
    public bool IsSigned(LogCheckpoint checkpoint) => RootSignature.Verify(key, checkpoint) || (formerKeys?.Any(former => RootSignature.Verify(former, checkpoint)) ?? false);

    /// <summary>Signs the day before <paramref name="now"/> for every tenant that has no root of it yet; answers the new roots.</summary>
    public async Task<IReadOnlyList<DailyRoot>> SignAsync(Instant now, CancellationToken cancellationToken)
    {
        await KeepKeyAsync(now, cancellationToken);
        var day = now.InUtc().Date.PlusDays(-1);
        var head = await log.ReadHeadAsync(cancellationToken);
        var open = new SortedDictionary<string, OpenRoot>(StringComparer.Ordinal);
        var from = await ReadLastAsync(day, open, head, cancellationToken);
        try
        {
            await ReadLogAsync(from, head, open, cancellationToken);
            // New tenants first: should the process end in between, the others' older roots make the next run read the log from before them.
            var made = open.Values.Where(static root => !root.IsSigned).OrderByDescending(static root => root.IsFirst)
                .Select(root => Sign(root.Finish(day, head), now)).ToList();
            foreach (var root in made) await KeepAsync(root, day, now, cancellationToken);
            return made;
        }
        finally
        {
            foreach (var root in open.Values) root.Dispose();
        }
    }

    /// <summary>Where each known tenant's last root ended; answers the earliest of those ends.</summary>
    private async Task<long> ReadLastAsync(LocalDate day, SortedDictionary<string, OpenRoot> open, long head, CancellationToken cancellationToken)
    {
        var from = head;
        var rows = await settings.ListSettingsAsync(SettingPrefix, cancellationToken);
        foreach (var last in rows.Select(static row => DailyRoot.Parser.ParseFrom(row.Value.Span)).GroupBy(static root => root.TenantId, StringComparer.Ordinal)
            .Select(static roots => roots.MaxBy(static root => (root.UpToCursor, root.SignTime.ToDateTimeOffset()))!))
        {
            var isSigned = ScalarMap.ToDate(last.Day) >= day;
            open.Add(last.TenantId, new OpenRoot(last.TenantId, last.UpToCursor, Convert.ToHexStringLower(last.Root.Span)) { IsSigned = isSigned });
            if (!isSigned) from = Math.Min(from, last.UpToCursor);
        }

        // Whoever is not known yet has no record before the last root of anybody who was signed in the same run.
        return open.Count == 0 ? 0 : Math.Min(from, open.Values.Min(static root => root.AfterCursor));
    }

    private async Task ReadLogAsync(long from, long head, SortedDictionary<string, OpenRoot> open, CancellationToken cancellationToken)
    {
        while (from < head)
        {
            var rows = await log.ReadEventsAsync(from, RecordsAtOnce, cancellationToken);
            if (rows.Count == 0) return;
            from = rows[^1].Seq;
            foreach (var row in rows)
            {
                if (row.Seq > head) return;
                if (!open.TryGetValue(row.Key.Tenant, out var root)) open.Add(row.Key.Tenant, root = new OpenRoot(row.Key.Tenant, 0, LogRoot.Zero) { IsFirst = true });
                root.Take(row);
            }
        }
    }

    private DailyRoot Sign(LogRoot root, Instant now) => new()
    {
        TenantId = root.Tenant,
        Day = ScalarMap.ToProto(root.Day),
        AfterCursor = root.AfterCursor,
        UpToCursor = root.UpToCursor,
        RecordCount = root.RecordCount,
        PreviousRoot = ByteString.CopyFrom(Convert.FromHexString(root.Previous)),
        Root = ByteString.CopyFrom(Convert.FromHexString(root.Root)),
        SignTime = ScalarMap.ToProto(now),
        KeyId = RootSignature.KeyId(key),
        Signature = ByteString.CopyFrom(RootSignature.Sign(key, root)),
    };

    /// <summary>Kept before its first root; another process may have been first, with the same value.</summary>
    private async Task KeepKeyAsync(Instant now, CancellationToken cancellationToken)
    {
        var name = KeyPrefix + RootSignature.KeyId(key);
        if (await settings.ReadSettingAsync(name, cancellationToken) is not null) return;
        await settings.WriteSettingAsync(new SettingWrite(name, 0, Encoding.UTF8.GetBytes(PublicKeyPem), Actor, "first seen", now.ToUnixTimeMilliseconds()), cancellationToken);
    }

    private Task KeepAsync(DailyRoot root, LocalDate day, Instant now, CancellationToken cancellationToken) => settings.WriteSettingAsync(
        new SettingWrite(
            string.Create(CultureInfo.InvariantCulture, $"{SettingPrefix}{root.TenantId}/{day:uuuu-MM-dd}"),
            0, root.ToByteArray(), Actor, "daily root", now.ToUnixTimeMilliseconds()),
        cancellationToken);

    /// <summary>A tenant's root while the log is read.</summary>
    private sealed class OpenRoot(string tenant, long after, string previous) : IDisposable
    {
        private readonly RootHash _hash = new(previous);

        public long AfterCursor => after;

        /// <summary>The tenant has no root yet.</summary>
        public bool IsFirst { get; init; }

        /// <summary>The day has its root already.</summary>
        public bool IsSigned { get; init; }

        public void Take(EventRow row)
        {
            if (row.Seq > after) _hash.Take(row.Seq, row.Key.Debtor, row.Chain.Span);
        }

        public LogRoot Finish(LocalDate day, long upTo) => new(tenant, day, after, upTo, _hash.RecordCount, previous, _hash.Finish());

        public void Dispose() => _hash.Dispose();
    }
}
