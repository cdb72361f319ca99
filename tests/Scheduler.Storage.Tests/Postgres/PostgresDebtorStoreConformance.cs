using Scheduler.PostgresKit;
using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Tests.Conformance;

namespace Scheduler.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresDebtorStoreConformance(AssemblyServer servers) : DebtorStoreConformance
{
    private string? database;

    private protected override int ModelRuns => 10;

    private protected override async Task<ISchedulerStore> OpenAsync(TimeProvider clock, Func<IGroupBackend, IGroupBackend> around)
    {
        database ??= await (await servers.GetAsync()).CreateDatabaseAsync();
        return await PostgresStore.OpenAsync(
            new PostgresOptions { ConnectionString = database }, clock, PostgresStore.DefaultLimits with { FirstPause = TimeSpan.Zero }, around);
    }

    private protected override async Task<ISchedulerStore> OpenAfterCrashAsync()
    {
        await (await servers.GetAsync()).CrashAndRestartAsync();
        return await PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = database! }, Clock);
    }

    /// <summary>The server's own word for a full disk, from triggers: a server whose disk is full in earnest would take the tests' machine with it.</summary>
    private protected override async Task SetFullAsync(bool isFull)
    {
        string[] tables = ["debtors", "events", "settings", "pulls", "shared_counters"];
        var triggers = tables.Select(table => isFull
            ? $"create trigger full_disk before insert or update on {table} for each row execute function refuse_for_room()"
            : $"drop trigger full_disk on {table}");
        await ExecuteAsync(
            """
            create or replace function refuse_for_room() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
            end
            $$;
            """ + string.Join(';', triggers));
    }

    /// <summary>For connections to come; those that are there are ended.</summary>
    private protected override async Task SetReadOnlyAsync(bool isReadOnly)
    {
        var name = database!.Split("Database=")[1];
        var server = await servers.GetAsync();
        await server.ExecuteAsync(server.ConnectionString("postgres"), $"alter database {name} set default_transaction_read_only = {(isReadOnly ? "on" : "off")}");
        await server.ExecuteAsync(server.ConnectionString("postgres"), $"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{name}'");
    }

    private async Task ExecuteAsync(string sql) => await (await servers.GetAsync()).ExecuteAsync(database!, sql);

    private protected override ValueTask RemoveAsync()
    {
        database = null;
        return ValueTask.CompletedTask;
    }
}
