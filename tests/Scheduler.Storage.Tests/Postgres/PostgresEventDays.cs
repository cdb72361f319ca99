using Scheduler.PostgresKit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Postgres.Upkeep;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Postgres;

/// <summary>Partitions of the log come and go; rows stay.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresEventDays(AssemblyServer servers) : IAsyncLifetime
{
    private ThrowawayServer server = null!;
    private PostgresOptions options = null!;
    private PostgresStore store = null!;
    private PostgresDatabase database = null!;
    private long today;

    public async ValueTask InitializeAsync()
    {
        server = await servers.GetAsync();
        options = new PostgresOptions { ConnectionString = await server.CreateDatabaseAsync() };
        store = await PostgresStore.OpenAsync(options, new ManualClock());
        database = new PostgresDatabase(options);
        today = (await store.ReadClockAsync())!.Value.ToUnixTimeSeconds() / 86_400;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Past_days_without_a_row_lose_their_partition_and_every_other_partition_stays()
    {
        var before = await PartitionsAsync();
        foreach (var day in new[] { today - 400, today - 30, today - 29, today - 1 }) await AddDayAsync(day);
        await AddRowAsync(database, today - 30);

        Assert.Equal(2, await EventDays.DropEmptyAsync(database, default));
        Assert.Equal(0, await EventDays.DropEmptyAsync(database, default));

        var after = await PartitionsAsync();
        Assert.Equal(before.Append(NameOf(today - 30)).Append(NameOf(today - 1)).Order(StringComparer.Ordinal), after);
        Assert.Equal((today - 30) << EventDays.DayShift, Assert.Single(await store.Events.ReadEventsAsync(0, 10)).Seq);
        Assert.True((await store.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
        Assert.Equal(0, await EventDays.PrepareAsync(database, default));
    }

    [Fact]
    public async Task A_day_that_somebody_is_writing_into_stays()
    {
        await AddDayAsync(today - 30);
        await using var other = await database.OpenAsync();
        await using var running = await other.BeginTransactionAsync();
        await other.ExecuteAsync(RowOf(today - 30), default);
        var dropping = EventDays.DropEmptyAsync(database, default);
        while (await server.ExecuteAsync(options.ConnectionString, "select count(*) from pg_locks where not granted") == "0\n") Assert.False(dropping.IsCompleted);
        await running.CommitAsync();
        await server.ExecuteAsync(options.ConnectionString, "select take_event_numbers(1)");

        Assert.Equal(0, await dropping);
        Assert.Contains(NameOf(today - 30), await PartitionsAsync());
        Assert.Single(await store.Events.ReadEventsAsync(0, 10));
    }

    [Fact]
    public async Task What_comes_for_a_day_that_was_taken_away_is_written_all_the_same()
    {
        await AddDayAsync(today - 30);
        Assert.Equal(1, await EventDays.DropEmptyAsync(database, default));
        await AddRowAsync(database, today - 30);

        Assert.Equal("events_other\n", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
        Assert.Single(await store.Events.ReadEventsAsync(0, 10));
    }

    [Fact]
    public async Task Neither_the_present_nor_a_coming_day_nor_another_table_can_be_taken_away_or_made_at_will()
    {
        var before = await PartitionsAsync();
        await server.ExecuteAsync(options.ConnectionString, $"create table {NameOf(today - 50)} (seq bigint)");
        foreach (var day in new[] { today - 50, today - 1, today, today + 1 }) Assert.Equal("f\n", await server.ExecuteAsync(options.ConnectionString, $"select drop_event_day({day})"));
        foreach (var day in new[] { today - 1, today + 15 }) Assert.Equal("f\n", await server.ExecuteAsync(options.ConnectionString, $"select make_event_day({day})"));

        Assert.Equal(before, await PartitionsAsync());
    }

    private static string NameOf(long day) => $"events_{DateTimeOffset.UnixEpoch.AddDays(day):yyyyMMdd}";

    private static string RowOf(long day) =>
        $"insert into events (seq, prev_seq, version, recorded_at, id, chain, payload) values ({day << EventDays.DayShift}, 0, 1, 1, 'acme/old', decode(repeat('00', 32), 'hex'), 'event')";

    private static async Task AddRowAsync(PostgresDatabase database, long day)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(RowOf(day), default);
        // Readers stop before the last number that was taken.
        await connection.ExecuteAsync("select take_event_numbers(1)", default);
    }

    private async Task AddDayAsync(long day) => await server.ExecuteAsync(
        options.ConnectionString, $"create table {NameOf(day)} partition of events for values from ({day << EventDays.DayShift}) to ({(day + 1) << EventDays.DayShift})");

    private async Task<string[]> PartitionsAsync() => (await server.ExecuteAsync(
        options.ConnectionString, "select inhrelid::regclass from pg_inherits where inhparent = 'events'::regclass order by inhrelid::regclass::text collate \"C\"")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
