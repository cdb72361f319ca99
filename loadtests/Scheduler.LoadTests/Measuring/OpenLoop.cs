namespace Scheduler.LoadTests.Measuring;

/// <summary>Starts calls at their moments without waiting for the answers of others.</summary>
internal static class OpenLoop
{
    /// <summary>
    /// Runs the schedule; <paramref name="call"/> is given its number and the timestamp at which it was meant to start. Past
    /// <paramref name="mostInFlight"/> calls under way the next ones wait, still charged from their moment.
    /// </summary>
    public static async Task RunAsync(ArrivalSchedule schedule, TimeProvider clock, int mostInFlight, Func<long, long, Task> call, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        using var room = new SemaphoreSlim(mostInFlight);
        List<Task> calls = [];
        for (var i = 0L; i < schedule.Calls; i++)
        {
            var start = schedule.StartOf(i);
            var wait = start - clock.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancel);
            await room.WaitAsync(cancel);
            calls.Add(RunOneAsync(i, began + (long)(start.TotalSeconds * clock.TimestampFrequency)));
            if (calls.Count > mostInFlight) calls.RemoveAll(static task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(calls);

        async Task RunOneAsync(long number, long intended)
        {
            try
            {
                await call(number, intended);
            }
            finally
            {
                room.Release();
            }
        }
    }
}
