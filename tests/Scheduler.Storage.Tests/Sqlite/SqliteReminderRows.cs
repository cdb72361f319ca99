using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sqlite;

public sealed class SqliteReminderRows : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_reminder_outlives_the_process_and_is_replaced_by_its_name()
    {
        var row = new ReminderRow("shard", "7", "alive", clock.Now, TimeSpan.FromMinutes(1));
        await using (var store = Open())
        {
            await store.Reminders.UpsertAsync(row, default);
            await store.Reminders.UpsertAsync(row with { Name = "other" }, default);
            await store.Reminders.UpsertAsync(row with { Period = TimeSpan.FromMinutes(5) }, default);
            await store.Reminders.RemoveAsync("shard", "7", "other", default);
            await store.Reminders.RemoveAsync("shard", "7", "never there", default);
        }

        await using var reopened = Open();
        Assert.Equal([row with { Period = TimeSpan.FromMinutes(5) }], await reopened.Reminders.ReadAllAsync(default));
        Assert.Equal(row with { Period = TimeSpan.FromMinutes(5) }, await reopened.Reminders.FindAsync("shard", "7", "alive", default));
        Assert.Null(await reopened.Reminders.FindAsync("shard", "8", "alive", default));
    }

    [Fact]
    public async Task The_runtime_gets_the_durable_reminders()
    {
        await using var store = Open();
        await using var provider = new ServiceCollection().AddSqliteStore(store).BuildServiceProvider();

        await provider.GetRequiredService<IReminderStore>().UpsertAsync(new ReminderRow("shard", "1", "alive", clock.Now, TimeSpan.FromMinutes(1)), default);
        Assert.Single(await store.Reminders.ReadAllAsync(default));
        Assert.Same(store, provider.GetRequiredService<ISchedulerStore>());
    }

    private SqliteStore Open() => SqliteStore.Open(new SqliteOptions { Path = folder.File("store.db") }, clock);
}
