using Scheduler.Storage.GroupCommit;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.Conformance;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sqlite;

public sealed class SqliteDebtorStoreConformance : DebtorStoreConformance
{
    private TemporaryFolder? folder;

    private protected override Task<ISchedulerStore> OpenAsync(TimeProvider clock, Func<IGroupBackend, IGroupBackend> around) =>
        Task.FromResult<ISchedulerStore>(SqliteStore.Open(
            // No link of an address gathers: each goes over in the group that brings it.
            new SqliteOptions { Path = FileOf("store.db"), FreshLinks = 0 }, clock, new GroupLimits { FirstPause = TimeSpan.Zero }, around));

    private protected override Task<ISchedulerStore> OpenAfterCrashAsync()
    {
        // The files as they are under an open database: what the kernel holds after kill -9.
        foreach (var suffix in new[] { "", "-wal" }) File.Copy(FileOf("store.db" + suffix), FileOf("crashed.db" + suffix));
        return Task.FromResult<ISchedulerStore>(SqliteStore.Open(new SqliteOptions { Path = FileOf("crashed.db") }, Clock));
    }

    private protected override ValueTask RemoveAsync()
    {
        folder?.Dispose();
        folder = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>Not one page more than there are: what fits into those is still written.</summary>
    private protected override Task SetFullAsync(bool isFull) => OnWriterAsync(isFull ? "pragma max_page_count = 1" : "pragma max_page_count = 4294967294");

    private protected override Task SetReadOnlyAsync(bool isReadOnly) => OnWriterAsync(isReadOnly ? "pragma query_only = on" : "pragma query_only = off");

    private Task<long> OnWriterAsync(string pragma) => ((SqliteStore)Store).Writer.OnSessionAsync(session => session.Scalar(pragma));

    private string FileOf(string name) => (folder ??= new TemporaryFolder()).File(name);
}
