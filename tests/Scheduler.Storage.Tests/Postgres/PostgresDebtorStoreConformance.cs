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

    private protected override ValueTask RemoveAsync()
    {
        database = null;
        return ValueTask.CompletedTask;
    }
}
