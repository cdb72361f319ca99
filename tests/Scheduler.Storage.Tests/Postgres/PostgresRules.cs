using Npgsql;
using Scheduler.PostgresKit;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Postgres.Upkeep;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Postgres;

/// <summary>What SQLite's one writer gives for nothing.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresRules(AssemblyServer servers) : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private ThrowawayServer server = null!;
    private PostgresOptions options = null!;
    private PostgresStore store = null!;

    public async ValueTask InitializeAsync()
    {
        server = await servers.GetAsync();
        options = new PostgresOptions { ConnectionString = await server.CreateDatabaseAsync(), HostLockWait = TimeSpan.Zero };
        store = await PostgresStore.OpenAsync(options, clock);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_reader_of_the_log_stops_before_a_transaction_that_has_taken_numbers_and_not_ended()
    {
        var before = await store.Debtors.WriteAsync(Write.Create("a"));
        await using var database = new PostgresDatabase(options);
        await using (var other = await database.OpenAsync())
        {
            await using var running = await other.BeginTransactionAsync();
            await other.ExecuteAsync("select take_event_numbers(5)", default);
            var after = await store.Debtors.WriteAsync(Write.Create("b"));
            Assert.Equal(before.EventSeq + 6, after.EventSeq);
            Assert.Equal([before.EventSeq], (await store.Events.ReadEventsAsync(0, 10)).Select(static row => row.Seq));
            Assert.Equal(before.EventSeq, await store.Events.ReadHeadAsync());
            await running.RollbackAsync();
        }

        Assert.Equal(2, (await store.Events.ReadEventsAsync(0, 10)).Count);
    }

    [Fact]
    public async Task A_refill_merges_ordered_walks_and_sorts_nothing_whatever_the_server_knows_of_the_table()
    {
        await using var database = new PostgresDatabase(options);
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync($"prepare refill (int[], bigint[], int, int, bigint, int[]) as {PostgresDatabase.Text("Due/Refill")}", default);
        for (var isKnown = false; ; isKnown = true)
        {
            var plan = await ReadLinesAsync(connection, "explain execute refill ('{1,2}', '{0,0}', 64, 127, 1000, '{1024,1024}')");

            Assert.Contains(plan, static line => line.Contains("Merge Append", StringComparison.Ordinal));
            Assert.Equal(64, plan.Count(static line => line.Contains("Index Scan using debtors_due", StringComparison.Ordinal)));
            Assert.DoesNotContain(plan, static line => line.Contains("Sort  (", StringComparison.Ordinal) || line.Contains("Seq Scan", StringComparison.Ordinal));
            if (isKnown) break;
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.Debtors.WriteAsync(Write.Create($"d{i}") with { Lane = i % 3, DueAt = i }).AsTask()));
            await connection.ExecuteAsync("analyze debtors", default);
        }
    }

    [Fact]
    public async Task An_events_row_lies_in_the_partition_of_its_day()
    {
        var answer = await store.Debtors.WriteAsync(Write.Create("a"));
        var now = await store.ReadClockAsync();
        var day = DateTimeOffset.UnixEpoch.AddDays(answer.EventSeq >> EventDays.DayShift);

        Assert.InRange(now!.Value - day, TimeSpan.Zero, TimeSpan.FromDays(2));
        Assert.Equal($"events_{day:yyyyMMdd}\n", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
        Assert.Equal("9\n", await server.ExecuteAsync(options.ConnectionString, "select count(*) from pg_inherits where inhparent = 'events'::regclass"));
    }

    [Fact]
    public async Task A_day_without_its_partition_is_written_all_the_same()
    {
        await server.ExecuteAsync(options.ConnectionString, "select setval('event_numbers', (floor(extract(epoch from clock_timestamp()) / 86400)::bigint + 1000) << 36)");
        var answer = await store.Debtors.WriteAsync(Write.Create("a"));

        Assert.True(answer.IsCommitted);
        Assert.Equal("events_other\n", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
        Assert.Equal(answer.EventSeq, Assert.Single(await store.Events.ReadEventsAsync(0, 10)).Seq);

        // Its partition can no longer be made, and nobody minds.
        await server.ExecuteAsync(options.ConnectionString, "drop table " + await server.ExecuteAsync(options.ConnectionString, "select min(inhrelid::regclass::text) from pg_inherits where inhparent = 'events'::regclass"));
        await server.ExecuteAsync(options.ConnectionString, "select setval('event_numbers', 1); update debtors set last_seq = 0; delete from events");
        Assert.True((await store.Debtors.WriteAsync(Write.Create("b"))).IsCommitted);
        Assert.Equal("events_other\n", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
        await store.DisposeAsync();
        store = await PostgresStore.OpenAsync(options, clock);
        Assert.Equal("events_other\n", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
    }

    [Fact]
    public async Task An_epoch_advances_only_when_no_group_is_under_way()
    {
        await using var database = new PostgresDatabase(options);
        await using var group = await database.OpenAsync();
        await using var running = await group.BeginTransactionAsync();
        await group.ExecuteAsync(PostgresDatabase.Text("Commits/Enter"), default);
        var advance = store.Epochs.AdvanceEpochAsync(EpochKind.Policy);
        while (await server.ExecuteAsync(options.ConnectionString, "select count(*) from pg_locks where not granted") != "1\n") Assert.False(advance.IsCompleted);
        Assert.False(advance.IsCompleted);
        await running.CommitAsync();

        Assert.Equal(2, (await advance).Policy);
    }

    [Fact]
    public async Task Groups_of_two_connections_over_the_same_rows_wait_for_each_other_and_never_deadlock()
    {
        await store.DisposeAsync();
        await using var database = new PostgresDatabase(options);
        await using var hostLock = new HostLock(database, TimeSpan.Zero);
        await using var one = new PostgresGroupBackend(database, hostLock, new EpochCache());
        await using var other = new PostgresGroupBackend(database, hostLock, new EpochCache());
        string[] debtors = [.. Enumerable.Range(0, 200).Select(static number => $"d{number:D3}")];
        await one.CommitAsync(Group(debtors.Select(Write.Create)));
        for (var version = 1; version <= 20; version++)
        {
            var (mine, yours) = (Group(debtors.Select(debtor => Write.Update(debtor, version))), Group(debtors.Select(debtor => Write.Update(debtor, version))));
            await Task.WhenAll(one.CommitAsync(mine).AsTask(), other.CommitAsync(yours).AsTask());
            var winners = mine.ToArray().Zip(yours.ToArray()).Select(static pair => ((DebtorCommit)pair.First).Answer.IsCommitted ? 1 : ((DebtorCommit)pair.Second).Answer.IsCommitted ? 2 : 0);
            Assert.Single(winners.Distinct());
        }
    }

    [Fact]
    public async Task A_group_sent_again_beside_its_own_unfinished_transaction_finds_what_that_one_wrote()
    {
        await store.DisposeAsync();
        await using var database = new PostgresDatabase(options);
        await using var hostLock = new HostLock(database, TimeSpan.Zero);
        await using var again = new PostgresGroupBackend(database, hostLock, new EpochCache());
        await again.CommitAsync(Group([Write.Create("a")]));
        var write = Write.Update("a", 1);
        await using var former = await database.OpenWriterAsync();
        var unfinished = new GroupTransaction(new EpochCache());
        await unfinished.EnterAsync(former, Group([write]));
        await unfinished.WriteAsync(former, Group([write]));
        var group = Group([write]);
        var sent = again.CommitAsync(group).AsTask();
        while (await server.ExecuteAsync(options.ConnectionString, "select count(*) from pg_locks where not granted") != "1\n") Assert.False(sent.IsCompleted);
        await unfinished.FinishAsync(former, Group([write]));
        await sent;

        Assert.Equal((WriteAnswerKind.Committed, 2), (((DebtorCommit)group.Span[0]).Answer.Kind, ((DebtorCommit)group.Span[0]).Answer.Version));
    }

    [Fact]
    public async Task A_second_host_is_refused_until_the_first_closes()
    {
        var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => PostgresStore.OpenAsync(options, clock));
        Assert.Contains("in use by another host", refusal.Message);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => PostgresStore.MigrateAsync(options));

        await store.DisposeAsync();
        await using var second = await PostgresStore.OpenAsync(options, clock);
        Assert.True((await second.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_ended_by_the_server_and_nothing_of_its_group_is_applied()
    {
        await store.DisposeAsync();
        store = await PostgresStore.OpenAsync(options with { StatementTimeout = TimeSpan.FromMilliseconds(300) }, clock);
        await using var database = new PostgresDatabase(options);
        await using var other = await database.OpenAsync();
        var write = Write.Create("a");
        await using (var running = await other.BeginTransactionAsync())
        {
            await other.ExecuteAsync("lock table debtors in exclusive mode", default);
            var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Debtors.WriteAsync(write).AsTask());
            Assert.Contains("statement timeout", refusal.Message);
            await running.RollbackAsync();
        }

        Assert.Empty(await store.Events.ReadEventsAsync(0, 10));
        Assert.True((await store.Debtors.WriteAsync(write)).IsCommitted);
    }

    [Fact]
    public async Task A_read_only_database_answers_that_nothing_was_applied_and_is_written_again_once_it_may_be()
    {
        await SetReadOnlyAsync("on");
        var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Debtors.WriteAsync(Write.Create("a")).AsTask());
        Assert.Contains("read-only", refusal.Message);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Settings.WriteSettingAsync(new SettingWrite("k", 0, Write.Bytes("v"), "olga", "", 1)));
        Assert.Null(await store.Debtors.ReadAsync(Write.Key("a")));

        await SetReadOnlyAsync("off");
        Assert.True((await store.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
    }

    [Fact]
    public async Task Without_a_server_calls_are_answered_and_the_next_server_is_found()
    {
        await server.StopAsync();
        try
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Debtors.WriteAsync(Write.Create("a")).AsTask());
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Debtors.ReadAsync(Write.Key("a")).AsTask());
            await Assert.ThrowsAsync<StorageUnavailableException>(() => PostgresStore.OpenAsync(options, clock));
        }
        finally
        {
            await server.StartAgainAsync();
        }

        Assert.True((await store.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
        Assert.NotNull(await store.Debtors.ReadAsync(Write.Key("a")));
    }

    private static ReadOnlyMemory<CommitRequest> Group(IEnumerable<DebtorWrite> writes) => writes.Select(static write => (CommitRequest)new DebtorCommit(write)).ToArray();

    /// <summary>For connections to come; those that are there are ended.</summary>
    private async Task SetReadOnlyAsync(string value)
    {
        await server.ExecuteAsync(server.ConnectionString("postgres"), $"alter database {Name} set default_transaction_read_only = {value}");
        await server.ExecuteAsync(server.ConnectionString("postgres"), $"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{Name}'");
    }

    private string Name => options.ConnectionString.Split("Database=")[1];

    private static async Task<List<string>> ReadLinesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
