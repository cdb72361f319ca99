using Npgsql;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Postgres.Reads;
using Scheduler.Storage.Reads;
using Scheduler.Storage.Tallies;

namespace Scheduler.Storage.Postgres;

/// <summary>Debtors' rows in PostgreSQL.</summary>
internal sealed class PostgresDebtorStore(GroupCommitter committer, ReadGatherer reads, PostgresDatabase database) : IDebtorStore
{
    /// <summary>The character after the slash: a tenant's keys stand between the two.</summary>
    private const string AfterSlash = "0";

    public ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default) =>
        committer.WriteAsync(write, cancellationToken);

    public ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default) =>
        reads.ReadAsync(key, cancellationToken);

    public async Task<IReadOnlyList<VersionRow>> ReadVersionsAsync(
        IReadOnlyList<DebtorKey> keys, CancellationToken cancellationToken = default)
    {
        var rows = keys.Select(static key => new VersionRow(key, 0)).ToArray();
        short[] slices = [.. keys.Select(static key => (short)key.Slice)];
        string[] ids = [.. keys.Select(static key => key.Text)];
        var found = await database.QueryAsync(
            "Debtors/Versions", static row => (Place: row.GetInt64(0) - 1, Version: row.GetInt64(1)), cancellationToken, Values.Of(slices), Values.Of(ids));
        foreach (var (place, version) in found) rows[place] = rows[place] with { Version = version };
        return rows;
    }

    public async Task<IReadOnlyList<DebtorKey>> FindLinksAsync(
        string tenant, LinkKind kind, string key, CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Debtors/FindLinks", static row => DebtorKey.Parse(row.GetString(0)), cancellationToken, Values.Of(tenant), Values.Of((short)kind), Values.Of(key));

    public async Task<IReadOnlyList<LinkRow>> ListLinksAsync(
        string tenant, LinkKind kind, LinkRow? after, int limit, CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Debtors/ListLinks", static row => new LinkRow(row.GetString(0), DebtorKey.Parse(row.GetString(1))), cancellationToken,
            Values.Of(tenant), Values.Of((short)kind), Values.Of(after?.Key ?? ""), Values.Of(after?.Debtor.Text ?? ""), Values.Of(limit));

    public async Task<IReadOnlyList<DebtorRow>> ListDebtorsAsync(
        string tenant, DebtorKey? after, int limit, CancellationToken cancellationToken = default)
    {
        for (var take = SpreadPage.FirstTake(limit, DebtorKey.SliceCount); ; take = SpreadPage.NextTake(take, limit))
        {
            var rows = await database.QueryAsync(
                "Debtors/List", static row => (Row: ToRow(row), Slice: (int)row.GetInt16(8)), cancellationToken,
                Values.Of(after?.Text ?? tenant + "/"), Values.Of(tenant + AfterSlash), Values.Of(take), Values.Of(limit));

            if (SpreadPage.CountCertain(rows, limit, take, static each => each.Slice) is { } certain)
                return [.. rows.Take(certain).Select(static each => each.Row)];
        }
    }

    public async Task<DebtorPage> ScanAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        var (slice, id) = after is null ? (-1, "") : Position(after);
        var rows = await database.QueryAsync(
            "Debtors/Scan", ToRow, cancellationToken, Values.Of((short)slice), Values.Of(id), Values.Of(limit));
        return new DebtorPage(rows, rows.Count < limit ? null : rows[^1].Key.Text);
    }

    public async Task<StoreTally> ReadTallyAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        TallyMeasures.ToTally(
            await database.QueryAsync("Tallies/Read", static row => (row.GetString(0), row.GetInt64(1)), cancellationToken, Values.Of(tenant)));

    /// <summary>The slice follows from the id.</summary>
    private static (int Slice, string Id) Position(string after) => (DebtorKey.Parse(after).Slice, after);

    private static DebtorRow ToRow(NpgsqlDataReader row) => new(
        DebtorKey.Parse(row.GetString(0)),
        Version: row.GetInt64(1),
        WriteId: row.GetGuid(2),
        Phase: row.GetInt16(3),
        Lane: row.IsDBNull(4) ? null : row.GetInt32(4),
        DueAt: row.IsDBNull(5) ? null : row.GetInt64(5),
        LastEventSeq: row.GetInt64(6),
        State: row.GetFieldValue<byte[]>(7));
}
