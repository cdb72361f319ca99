using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>Pulls in PostgreSQL.</summary>
internal sealed class PostgresPullStore(GroupCommitter committer, PostgresDatabase database) : IPullStore
{
    private const int DropBite = 5_000;

    public ValueTask<PullAnswer> AddPullAsync(PullRow pull, CancellationToken cancellationToken = default) =>
        committer.AddPullAsync(pull, cancellationToken);

    public async Task<PullRow?> ReadPullAsync(string gateway, string pullId, CancellationToken cancellationToken = default)
    {
        var rows = await database.QueryAsync(
            "Pulls/Read",
            row => new PullRow(gateway, pullId, row.GetString(0), row.GetInt64(1), PullRow.ParseKeys(row.GetString(2))),
            cancellationToken, Values.Of(gateway), Values.Of(pullId));
        return rows.SingleOrDefault();
    }

    public async Task<IReadOnlyList<PullRow>> ListPullsAsync(string gateway, long since, CancellationToken cancellationToken = default) =>
        await database.QueryAsync(
            "Pulls/List",
            row => new PullRow(gateway, row.GetString(0), row.GetString(1), row.GetInt64(2), PullRow.ParseKeys(row.GetString(3))),
            cancellationToken, Values.Of(gateway), Values.Of(since));

    public async Task<int> DropPullsAsync(long before, CancellationToken cancellationToken = default)
    {
        var total = 0;
        int dropped;
        do
        {
            dropped = await database.TransactAsync(
                connection => connection.RunAsync("Pulls/Drop", cancellationToken, Values.Of(before), Values.Of(DropBite)), cancellationToken);
            total += dropped;
        }
        while (dropped == DropBite);
        return total;
    }
}
