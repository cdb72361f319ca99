using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.Conformance;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sqlite;

public sealed class SqliteDebtorStoreConformance : DebtorStoreConformance
{
    private TemporaryFolder folder = new();

    private protected override Task<ISchedulerStore> OpenAsync(TimeProvider clock, Func<IGroupBackend, IGroupBackend> around) =>
        Task.FromResult<ISchedulerStore>(SqliteStore.Open(
            new SqliteOptions { Path = folder.File("store.db") }, clock, new GroupLimits { FirstPause = TimeSpan.Zero }, around));

    private protected override Task<ISchedulerStore> OpenAfterCrashAsync()
    {
        // The files as they are under an open database: what the kernel holds after kill -9.
        foreach (var suffix in new[] { "", "-wal" }) File.Copy(folder.File("store.db" + suffix), folder.File("crashed.db" + suffix));
        return Task.FromResult<ISchedulerStore>(SqliteStore.Open(new SqliteOptions { Path = folder.File("crashed.db") }, Clock));
    }

    private protected override ValueTask RemoveAsync()
    {
        folder.Dispose();
        folder = new TemporaryFolder();
        return ValueTask.CompletedTask;
    }
}
