using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>Pulls in SQLite.</summary>
internal sealed class SqlitePullStore(GroupCommitter committer, SqliteWriter writer, ScanThread scans) : IPullStore
{
    // One transaction of a drop holds the writer for some milliseconds at most.
    private const int DropBite = 1_000;

    public ValueTask<PullAnswer> AddPullAsync(PullRow pull, CancellationToken cancellationToken = default) =>
        committer.AddPullAsync(pull, cancellationToken);

    public Task<PullRow?> ReadPullAsync(string gateway, string pullId, CancellationToken cancellationToken = default) =>
        scans.ReadAsync(
            session => session["Pulls/Read"].Bind(1, gateway).Bind(2, pullId)
                .ReadAll(row => new PullRow(gateway, pullId, row.Text(0), row.Int64(1), PullRow.ParseKeys(row.Text(2))))
                .SingleOrDefault(),
            cancellationToken);

    public Task<IReadOnlyList<PullRow>> ListPullsAsync(string gateway, long since, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<PullRow>>(
            session => session["Pulls/List"].Bind(1, gateway).Bind(2, since)
                .ReadAll(row => new PullRow(gateway, row.Text(0), row.Text(1), row.Int64(2), PullRow.ParseKeys(row.Text(3)))),
            cancellationToken);

    public async Task<int> DropPullsAsync(long before, CancellationToken cancellationToken = default)
    {
        var total = 0;
        int dropped;
        do
        {
            dropped = await writer.TransactAsync(
                session => session["Pulls/Drop"].Bind(1, before).Bind(2, DropBite).Run(), cancellationToken);
            total += dropped;
        }
        while (dropped == DropBite);
        return total;
    }
}
