using Scheduler.Services.Batches;

namespace Scheduler.Services.Tests.Batches;

public sealed class OrderedBatchTests
{
    [Fact]
    public async Task No_more_than_the_named_number_are_in_flight_and_answers_keep_the_items_order()
    {
        var inFlight = 0;
        var most = 0;
        var full = new TaskCompletionSource();

        var answers = await OrderedBatch.RunAsync([.. Enumerable.Range(0, 1_000)], static i => [$"k{i}"], async i =>
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            if (now == OrderedBatch.InFlightLimit) full.TrySetResult();
            await full.Task;
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
            return i;
        });

        Assert.Equal(OrderedBatch.InFlightLimit, most);
        Assert.Equal(Enumerable.Range(0, 1_000), answers);
    }

    [Fact]
    public async Task Items_that_share_a_key_with_one_before_wait_for_it()
    {
        var done = new List<string>();
        (string Name, string[] Keys)[] items = [("a", ["1"]), ("ab", ["1", "2"]), ("b", ["2"]), ("c", ["3"])];

        await OrderedBatch.RunAsync(items, static item => item.Keys, async item =>
        {
            await Task.Yield();
            lock (done) done.Add(item.Name);
            return 0;
        });

        Assert.True(done.IndexOf("a") < done.IndexOf("ab"));
        Assert.True(done.IndexOf("ab") < done.IndexOf("b"));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
        }
    }
}
