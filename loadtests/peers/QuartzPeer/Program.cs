using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Quartz;
using Scheduler.Peers;

// Quartz.NET's ADO job store as its documents set it up, with batches as large as it takes: one job and one trigger due at once are stored,
// acquired, run and deleted. Prints what the driver reads: lifecycles and seconds.
if (args is not [var connection, var secondsText, var payloadText]
    || !int.TryParse(secondsText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
    || !int.TryParse(payloadText, NumberStyles.None, CultureInfo.InvariantCulture, out var payload))
{
    await Console.Error.WriteLineAsync("usage: QuartzPeer CONNECTION SECONDS PAYLOAD");
    return 2;
}

const int Batch = 200;
const int Ahead = 4_000;
const int Threads = 200;
const int Producers = 2;
#pragma warning disable RS0030 // The outermost layer: the only place where the process's own clock is taken.
var clock = TimeProvider.System;
#pragma warning restore RS0030
var pause = TimeSpan.FromMilliseconds(2);

var scheduler = await QuartzSchedulerBuilder.Create(quartz =>
{
    quartz.ConfigureScheduler(static options => options.MaxBatchSize = Batch);
    quartz.UseDefaultThreadPool(Threads);
    quartz.UsePersistentStore(store =>
    {
        store.UsePostgres(NpgsqlFactory.Instance, connection);
        store.UseSystemTextJsonSerializer();
        store.ProvisionSchema();
    });
}).BuildScheduler();
await scheduler.Start();
var text = new string('x', payload);
var added = 0L;
await RunAsync(TimeSpan.FromSeconds(Math.Min(5, seconds)));
var before = CountedJob.Count;
var began = Stopwatch.GetTimestamp();
await RunAsync(TimeSpan.FromSeconds(seconds));
var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"lifecycles\": {CountedJob.Count - before}, \"seconds\": {elapsed:0.00}}}"));
await scheduler.Shutdown(waitForJobsToComplete: false);
return 0;

async Task RunAsync(TimeSpan length)
{
    var start = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, Producers).Select(_ => ProduceAsync(start, length)));
    while (CountedJob.Count < Interlocked.Read(ref added)) await Task.Delay(pause, clock);
}

async Task ProduceAsync(long start, TimeSpan length)
{
    while (Stopwatch.GetElapsedTime(start) < length)
    {
        // A bounded distance ahead, so that the figure is of whole lifecycles.
        while (Interlocked.Read(ref added) - CountedJob.Count > Ahead) await Task.Delay(pause, clock);
        var first = Interlocked.Add(ref added, Batch) - Batch;
        var jobs = new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>>();
        for (var i = first; i < first + Batch; i++)
        {
            var name = i.ToString(CultureInfo.InvariantCulture);
            var job = JobBuilder.Create<CountedJob>().WithIdentity(name).UsingJobData("payload", text).Build();
            jobs.Add(job, [TriggerBuilder.Create().WithIdentity(name).ForJob(job).StartNow().Build()]);
        }

        await scheduler.ScheduleJobs(jobs, new ScheduleJobOptions());
    }
}
