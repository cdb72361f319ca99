using Microsoft.Data.Sqlite;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sqlite;

public sealed class SqliteFiles : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    private SqliteOptions Options => new() { Path = folder.File("data/store.db") };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_owner_of_the_database_is_refused_until_the_first_closes()
    {
        var first = SqliteStore.Open(Options, clock);
        var refusal = Assert.Throws<StorageUnavailableException>(() => SqliteStore.Open(Options, clock));
        Assert.Contains("in use by another process", refusal.Message);

        await first.DisposeAsync();
        await using var second = SqliteStore.Open(Options, clock);
        Assert.True((await second.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
    }

    [Fact]
    public async Task An_empty_file_is_migrated_to_the_newest_schema_once()
    {
        await using (SqliteStore.Open(Options, clock)) { }
        await using (SqliteStore.Open(Options, clock)) { }

        Assert.Equal("6", Scalar("pragma user_version"));
        Assert.Equal("wal", Scalar("pragma journal_mode"));
        Assert.Equal("14", Scalar("select count(*) from sqlite_schema where type = 'table'"));
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused()
    {
        await using (SqliteStore.Open(Options, clock)) { }
        Scalar("pragma user_version = 9999");

        Assert.Contains("newer build", Assert.Throws<StorageUnavailableException>(() => SqliteStore.Open(Options, clock)).Message);
    }

    [Fact]
    public async Task The_WAL_stays_bounded_under_steady_writes_and_goes_with_a_clean_close()
    {
        var options = Options with { CheckpointPages = 50, WalPagesLimit = 200 };
        await using (var store = SqliteStore.Open(options, clock))
        {
            for (var round = 0; round < 100; round++)
            {
                var writes = Enumerable.Range(0, 100).Select(i => Write.Create($"d{round}-{i}") with { State = new byte[1_000] });
                await Task.WhenAll(writes.Select(write => store.Debtors.WriteAsync(write).AsTask()));
            }

            Assert.InRange(new FileInfo(options.Path + "-wal").Length, 1, 20_000_000);
        }

        Assert.False(File.Exists(options.Path + "-wal"));
    }

    private string? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
