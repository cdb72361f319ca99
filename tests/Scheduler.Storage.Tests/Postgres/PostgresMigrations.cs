using System.Security.Cryptography;
using System.Text;
using Scheduler.PostgresKit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Postgres.Connections;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresMigrations(AssemblyServer servers)
{
    private readonly ManualClock clock = new();

    /// <summary>Migrations as they were given out, by number. A digest is added with its migration and never changed.</summary>
    private static readonly Dictionary<int, string> Released = new()
    {
        [1] = "f4701de8e1891ccb",
        [2] = "9a1bd66bc9890839",
        [3] = "2b8639c641282f43",
        [4] = "3b6266dcd959cbf9",
    };

    [Fact]
    public void A_migration_that_was_given_out_never_changes()
    {
        var digests = PostgresDatabase.Files.Migrations()
            .ToDictionary(static each => each.Number, static each => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(each.Script)))[..16]);

        Assert.Equal(Released, digests);
    }

    [Fact]
    public async Task An_empty_database_is_migrated_to_the_newest_schema_once()
    {
        var options = await DatabaseAsync();
        Assert.Equal(Released.Keys.Order(), await PostgresStore.MigrateAsync(options));
        Assert.Empty(await PostgresStore.MigrateAsync(options));
        await using var store = await PostgresStore.OpenAsync(options with { MigratesOnOpen = false }, clock);

        Assert.True((await store.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
    }

    [Fact]
    public async Task What_each_former_schema_holds_is_read_by_this_build()
    {
        foreach (var newest in Released.Keys)
        {
            var options = await DatabaseAsync();
            await MigrateToAsync(options, newest);
            await using var store = await PostgresStore.OpenAsync(options, clock);

            var row = await store.Debtors.ReadAsync(Write.Key("a"));
            Assert.Equal((3, 1_000, "state"), (row!.Version, row.DueAt, Encoding.UTF8.GetString(row.State.Span)));
            Assert.Equal(WriteAnswerKind.Committed, (await store.Debtors.WriteAsync(Write.Update("a", 3, row.LastEventSeq))).Kind);
            Assert.Equal([4, 3], (await store.Events.ReadEventsBackAsync(Write.Key("a"), null, 10)).Select(static each => each.Version));
        }
    }

    [Fact]
    public async Task An_older_schema_is_refused_where_opening_may_not_migrate()
    {
        var options = await DatabaseAsync();

        var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => PostgresStore.OpenAsync(options with { MigratesOnOpen = false }, clock));
        Assert.Contains("scheduler migrate", refusal.Message);
    }

    [Fact]
    public async Task A_role_that_owns_nothing_is_enough_for_a_host_that_may_not_migrate()
    {
        var options = await DatabaseAsync();
        var server = await servers.GetAsync();
        await PostgresStore.MigrateAsync(options);
        await server.ExecuteAsync(
            options.ConnectionString,
            """
            drop role if exists plain; create role plain login;
            grant select, insert, update, delete on all tables in schema public to plain;
            grant usage, select, update on all sequences in schema public to plain;
            grant execute on all functions in schema public to plain
            """);
        var plain = options with { ConnectionString = options.ConnectionString.Replace("Username=scheduler", "Username=plain", StringComparison.Ordinal), MigratesOnOpen = false };
        await using var store = await PostgresStore.OpenAsync(plain, clock);

        Assert.True((await store.Debtors.WriteAsync(Write.Create("a"))).IsCommitted);
        Assert.StartsWith("events_20", await server.ExecuteAsync(options.ConnectionString, "select tableoid::regclass from events"));
        Assert.Single(await store.Events.ReadEventsAsync(0, 10));
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused()
    {
        var options = await DatabaseAsync();
        await PostgresStore.MigrateAsync(options);
        await (await servers.GetAsync()).ExecuteAsync(options.ConnectionString, "insert into schema_version (number) values (9999)");

        Assert.Contains("newer build", (await Assert.ThrowsAsync<StorageUnavailableException>(() => PostgresStore.OpenAsync(options, clock))).Message);
    }

    private async Task<PostgresOptions> DatabaseAsync() => new() { ConnectionString = await (await servers.GetAsync()).CreateDatabaseAsync() };

    /// <summary>A database as the build of that schema left it, with a debtor in it.</summary>
    private async Task MigrateToAsync(PostgresOptions options, int newest)
    {
        await using var database = new PostgresDatabase(options);
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("create table schema_version (number integer primary key, applied_at timestamptz not null default now())", default);
        foreach (var (number, script) in PostgresDatabase.Files.Migrations().Where(each => each.Number <= newest))
            await connection.ExecuteAsync($"{script}; insert into schema_version (number) values ({number})", default);
        await connection.ExecuteAsync(
            $"""
            insert into lanes (tenant, channel, band) values ('acme', 'sms', 1);
            insert into debtors (version, last_seq, due_at, write_id, lane, phase, slice, id, state)
            select 3, take_event_numbers(1), 1000, '00000000-0000-0000-0000-000000000007', 1, 1, {Write.Key("a").Slice}, 'acme/a', 'state';
            insert into events (seq, prev_seq, version, recorded_at, id, chain, payload)
            select last_seq, 0, 3, 1000, id, decode(repeat('00', 32), 'hex'), 'event' from debtors
            """,
            default);
    }
}
