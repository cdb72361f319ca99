using NodaTime;
using Scheduler.Storage.Evidence;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Evidence;

/// <summary>How fast a sweep goes, on time that moves by hand.</summary>
public sealed class RetentionPaceTests : IAsyncLifetime
{
    /// <summary>A second's debtors are dropped in tenths.</summary>
    private const int Bite = RetentionSweep.DebtorsPerSecond / 10;

    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder folder = new();
    private readonly SteppedTime time = new();
    private SqliteStore store = null!;
    private CountedLog log = null!;
    private ProvedDebtors debtors = null!;

    public async ValueTask InitializeAsync()
    {
        store = SqliteStore.Open(new SqliteOptions { Path = folder.File("store.db") }, new ManualClock());
        log = new CountedLog(store.Events);
        debtors = new ProvedDebtors(store, log);
        for (var i = 0; i < (2 * Bite) + 5; i++) await debtors.WriteAsync(Write.Key($"d{i}"), ProvedDebtors.Before - Duration.FromDays(40));
        await debtors.Roots.SignAsync(ProvedDebtors.Now, default);
    }

    public async ValueTask DisposeAsync()
    {
        debtors.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task After_a_tenth_of_a_seconds_debtors_it_rests_until_the_tenth_is_over()
    {
        var sweep = debtors.SweepAsync(time);
        foreach (var done in new[] { Bite, 2 * Bite })
        {
            await time.SomebodyWaitsAsync();
            Assert.Equal(done, log.Drops);
            time.Advance(Tenth - TimeSpan.FromTicks(1));
            Assert.Equal(done, log.Drops);
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal((2 * Bite) + 5, (await sweep).Debtors);
        Assert.Equal(2, time.TimersMade);
    }

    [Fact]
    public async Task A_database_that_takes_longer_than_that_is_given_no_rest_on_top()
    {
        log.BeforeDrop = () => time.Advance(Tenth / Bite);

        Assert.Equal((2 * Bite) + 5, (await debtors.SweepAsync(time)).Debtors);
        Assert.Equal(0, time.TimersMade);
    }

    [Fact]
    public async Task What_it_is_short_of_is_all_that_it_rests()
    {
        log.BeforeDrop = () =>
        {
            if (log.Drops == Bite - 1) time.Advance(Tenth / 2);
        };
        var sweep = debtors.SweepAsync(time);
        await time.SomebodyWaitsAsync();
        log.BeforeDrop = null;
        time.Advance(Tenth / 2);
        await time.SomebodyWaitsAsync();
        Assert.Equal(2 * Bite, log.Drops);
        time.Advance(Tenth);
        await sweep;
    }

    [Fact]
    public async Task A_sweep_that_is_cut_off_in_its_rest_begins_again_and_finishes()
    {
        using var cut = new CancellationTokenSource();
        var sweep = debtors.SweepAsync(time, cut.Token);
        await time.SomebodyWaitsAsync();
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
        Assert.Equal(Bite, log.Drops);

        log.BeforeDrop = () => time.Advance(Tenth);
        var again = await debtors.SweepAsync(time);
        Assert.Equal((Bite + 5, true), (again.Debtors, again.IsComplete));
    }

    [Fact]
    public async Task A_debtor_whose_row_cannot_be_read_stays_whole_and_ends_the_sweep_for_nobody_else()
    {
        var broken = await store.Debtors.ReadAsync(Write.Key("d1"), TestContext.Current.CancellationToken);
        Assert.True((await store.Debtors.WriteAsync(Write.Update("d1", 1, broken!.LastEventSeq) with { State = new byte[] { 0x0F }, Event = null })).IsCommitted);
        log.BeforeDrop = () => time.Advance(Tenth);

        var swept = await debtors.SweepAsync(time);

        Assert.Equal(((2 * Bite) + 4, 1L, true), (swept.Debtors, swept.Kept[DropOutcome.NotReadable], swept.IsComplete));
    }

    /// <summary>A log that counts what is dropped from it.</summary>
    private sealed class CountedLog(IEventLog inner) : IEventLog
    {
        private int drops;

        public int Drops => Volatile.Read(ref drops);

        public Action? BeforeDrop { get; set; }

        public Task<IReadOnlyList<EventRow>> ReadEventsBackAsync(DebtorKey key, long? lastSeq, int count, CancellationToken cancellationToken = default) =>
            inner.ReadEventsBackAsync(key, lastSeq, count, cancellationToken);

        public Task<IReadOnlyList<EventRow>> ReadEventsAsync(long afterSeq, int limit, CancellationToken cancellationToken = default) =>
            inner.ReadEventsAsync(afterSeq, limit, cancellationToken);

        public Task<long> ReadHeadAsync(CancellationToken cancellationToken = default) => inner.ReadHeadAsync(cancellationToken);

        public Task<long> CountAsync(CancellationToken cancellationToken = default) => inner.CountAsync(cancellationToken);

        public async Task<int> DropEventsAsync(EventDrop drop, CancellationToken cancellationToken = default)
        {
            BeforeDrop?.Invoke();
            var dropped = await inner.DropEventsAsync(drop, cancellationToken);
            Interlocked.Increment(ref drops);
            return dropped;
        }
    }
}
