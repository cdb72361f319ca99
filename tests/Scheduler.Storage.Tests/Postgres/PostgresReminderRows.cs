using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;
using Scheduler.PostgresKit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresReminderRows(AssemblyServer servers)
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_reminder_outlives_the_process_and_is_replaced_by_its_name()
    {
        var options = new PostgresOptions { ConnectionString = await (await servers.GetAsync()).CreateDatabaseAsync() };
        var row = new ReminderRow("shard", "7", "alive", clock.Now, TimeSpan.FromMinutes(1));
        await using (var store = await PostgresStore.OpenAsync(options, clock))
        {
            await using var provider = new ServiceCollection().AddPostgresStore(store).BuildServiceProvider();
            var reminders = provider.GetRequiredService<IReminderStore>();
            await reminders.UpsertAsync(row, default);
            await reminders.UpsertAsync(row with { Name = "other" }, default);
            await reminders.UpsertAsync(row with { Period = TimeSpan.FromMinutes(5) }, default);
            await reminders.RemoveAsync("shard", "7", "other", default);
            await reminders.RemoveAsync("shard", "7", "never there", default);
            Assert.Same(store, provider.GetRequiredService<ISchedulerStore>());
        }

        await using var reopened = await PostgresStore.OpenAsync(options, clock);
        Assert.Equal([row with { Period = TimeSpan.FromMinutes(5) }], await reopened.Reminders.ReadAllAsync(default));
        Assert.Equal(row with { Period = TimeSpan.FromMinutes(5) }, await reopened.Reminders.FindAsync("shard", "7", "alive", default));
        Assert.Null(await reopened.Reminders.FindAsync("shard", "8", "alive", default));
    }
}
