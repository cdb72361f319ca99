using Scheduler.PostgresKit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Postgres;

/// <summary>The server crashes and starts again under a load that goes on.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresRestarts(AssemblyServer servers)
{
    private const int Callers = 40;
    private const int Restarts = 3;
    private const int WritesBetween = 400;

    private int answered;
    private volatile bool isOver;
    private (int At, TaskCompletionSource Reached) milestone = (int.MaxValue, new TaskCompletionSource());

    [Fact]
    public async Task The_server_is_restarted_under_load_and_nothing_acknowledged_is_lost_or_applied_twice()
    {
        var server = await servers.GetAsync();
        var options = new PostgresOptions { ConnectionString = await server.CreateDatabaseAsync() };
        await using var store = await PostgresStore.OpenAsync(options, new ManualClock(), PostgresStore.DefaultLimits);
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(store, $"d{caller}"))).ToArray();
        for (var restart = 0; restart < Restarts; restart++)
        {
            await AfterAnswersAsync(WritesBetween);
            await server.CrashAndRestartAsync();
        }

        await AfterAnswersAsync(WritesBetween);
        isOver = true;
        var acknowledged = await Task.WhenAll(callers);

        var log = await store.Events.ReadEventsAsync(0, int.MaxValue);
        foreach (var (key, writeId, version) in acknowledged)
        {
            var row = await store.Debtors.ReadAsync(key);
            Assert.Equal((version, writeId), (row!.Version, row.WriteId));
            Assert.Equal(Enumerable.Range(1, (int)version).Select(static number => (long)number), log.Where(each => each.Key == key).Select(static each => each.Version));
            Assert.Equal(version, (await store.Events.ReadEventsBackAsync(key, null, int.MaxValue)).Count);
        }

        var tally = await store.Debtors.ReadTallyAsync();
        Assert.Equal((Callers, Callers), (tally.AccountsIn, tally.Debtors.Values.Sum()));
        Assert.Equal(log.Count, await store.Events.CountAsync());
    }

    /// <summary>Writes one debtor again and again as a grain does: an answer is believed, and after a failure the row says what became of the write.</summary>
    private async Task<(DebtorKey Key, Guid WriteId, long Version)> CallAsync(PostgresStore store, string debtor)
    {
        var (writeId, version, seq) = (Guid.Empty, 0L, 0L);
        while (!isOver || version == 0)
        {
            var write = version == 0 ? Write.Create(debtor) : Write.Update(debtor, version, seq);
            var answer = await SendAsync(store, write);
            Assert.True(answer.IsCommitted, $"{write.Key} {write.ExpectedVersion}: {answer}");
            (writeId, version, seq) = (write.WriteId, answer.Version, answer.EventSeq);
            if (Interlocked.Increment(ref answered) >= milestone.At) milestone.Reached.TrySetResult();
        }

        return (Write.Key(debtor), writeId, version);
    }

    private static async Task<WriteAnswer> SendAsync(PostgresStore store, DebtorWrite write)
    {
        while (true)
        {
            try
            {
                return await store.Debtors.WriteAsync(write);
            }
            catch (Exception failure) when (failure is StorageUnavailableException or StorageOutcomeUnknownException)
            {
                // Sent again as it was: the write id makes that safe, whatever became of it.
                await Task.Yield();
            }
        }
    }

    private Task AfterAnswersAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        milestone = (Volatile.Read(ref answered) + count, reached);
        return reached.Task;
    }
}
