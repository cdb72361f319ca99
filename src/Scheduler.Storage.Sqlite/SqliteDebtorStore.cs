using System.Globalization;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Reads;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;
using Scheduler.Storage.Tallies;

namespace Scheduler.Storage.Sqlite;

/// <summary>Debtors' rows in SQLite.</summary>
internal sealed class SqliteDebtorStore(GroupCommitter committer, ReadGatherer reads, ScanThread scans, FreshLinks fresh) : IDebtorStore
{
    /// <summary>The character after the slash: a tenant's keys stand between the two.</summary>
    private const string AfterSlash = "0";

    public ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default) =>
        committer.WriteAsync(write, cancellationToken);

    public ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default) =>
        reads.ReadAsync(key, cancellationToken);

    public Task<IReadOnlyList<VersionRow>> ReadVersionsAsync(
        IReadOnlyList<DebtorKey> keys, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<VersionRow>>(session => [.. keys.Select(key => Version(session["Debtors/Version"], key))], cancellationToken);

    public Task<IReadOnlyList<DebtorKey>> FindLinksAsync(
        string tenant, LinkKind kind, string key, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<DebtorKey>>(
            session =>
            {
                var gathered = kind == LinkKind.AddressDigest ? fresh.Find(session, tenant, key) : [];
                var settled = session["Debtors/FindLinks"].Bind(1, tenant).Bind(2, (int)kind).Bind(3, key).ReadAll(static row => DebtorKey.Parse(row.Text(0)));
                return gathered.Count == 0 ? settled : [.. gathered.Concat(settled).OrderBy(static debtor => debtor.Text, StringComparer.Ordinal)];
            },
            cancellationToken);

    public Task<IReadOnlyList<LinkRow>> ListLinksAsync(
        string tenant, LinkKind kind, LinkRow? after, int limit, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<LinkRow>>(
            session =>
            {
                // No caller lists addresses: every page sorts what has gathered.
                var gathered = kind == LinkKind.AddressDigest ? fresh.List(session, tenant) : [];
                var settled = session["Debtors/ListLinks"]
                    .Bind(1, tenant).Bind(2, (int)kind).Bind(3, after?.Key ?? "").Bind(4, after?.Debtor.Text ?? "").Bind(5, limit)
                    .ReadAll(static row => new LinkRow(row.Text(0), DebtorKey.Parse(row.Text(1))));
                if (gathered.Count == 0) return settled;
                var later = gathered.Where(row => after is not { } former || LinkOrder.Compare(row, former) > 0);
                return [.. settled.Concat(later).Order(LinkOrder.Comparer).Take(limit)];
            },
            cancellationToken);

    public Task<IReadOnlyList<DebtorRow>> ListDebtorsAsync(
        string tenant, DebtorKey? after, int limit, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<DebtorRow>>(
            session => session["Debtors/List"].Bind(1, after?.Text ?? tenant + "/").Bind(2, tenant + AfterSlash).Bind(3, limit).ReadAll(ToRow),
            cancellationToken);

    public Task<DebtorPage> ScanAsync(string? after, int limit, CancellationToken cancellationToken = default) => scans.ReadAsync(
        session =>
        {
            var last = after is null ? 0 : long.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture);
            var rows = session["Debtors/Scan"].Bind(1, last).Bind(2, limit).ReadAll(row =>
            {
                last = row.Int64(0);
                return new DebtorRow(
                    DebtorKey.Parse(row.Text(1)), row.Int64(2), row.Guid(3), row.Int32(4), (int?)row.NullableInt64(5), row.NullableInt64(6), row.Int64(7), row.Bytes(8).ToArray());
            });
            return new DebtorPage(rows, rows.Count < limit ? null : last.ToString(CultureInfo.InvariantCulture));
        },
        cancellationToken);

    public Task<StoreTally> ReadTallyAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(
            session => TallyMeasures.ToTally(session["Tallies/Read"].Bind(1, tenant).ReadAll(row => (Measure: row.Text(0), Value: row.Int64(1)))),
            cancellationToken);

    private static DebtorRow ToRow(Statement row) => new(
        DebtorKey.Parse(row.Text(0)),
        Version: row.Int64(1),
        WriteId: row.Guid(2),
        Phase: row.Int32(3),
        Lane: (int?)row.NullableInt64(4),
        DueAt: row.NullableInt64(5),
        LastEventSeq: row.Int64(6),
        State: row.Bytes(7).ToArray());

    private static VersionRow Version(Statement statement, DebtorKey key)
    {
        var version = statement.Bind(1, key.Text).Step() ? statement.Int64(0) : 0;
        statement.Reset();
        return new VersionRow(key, version);
    }
}
