using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Scheduler.Benchmarks;

/// <summary>
/// What the grain runtime costs by itself: calls, activations, and the turns of one debtor's lifecycle.
/// Prints one line per measurement: operations a second, and for each operation the time, the processor time and the bytes.
/// </summary>
public static class GrainBenchmarks
{
    private static readonly ImmutableArray<byte> Entry = [.. new byte[64]];

    internal static async Task<int> RunAsync(BenchmarkScale scale)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(static silo => silo.Services.AddKeyedSingleton<IGrainStorage, BenchmarkStorage>("memory"));
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        await MeasureCallsAsync(grains, scale);
        await MeasureActivationsAsync(grains, scale);
        await MeasureLifecyclesAsync(grains, scale);
        await host.StopAsync();
        return 0;
    }

    private static async Task MeasureCallsAsync(IGrainFactory grains, BenchmarkScale scale)
    {
        var calls = scale.Amount(200_000);
        var one = grains.GetGrain<IEchoGrain>("one");
        await MeasureAsync("call, one caller, one grain", calls, () => CallInTurnAsync(one, calls));
        await MeasureAsync("call, 64 callers, 64 grains", calls, () => CallSideBySideAsync(grains, 64, calls));
        await MeasureAsync("call with await, 64 callers, 64 grains", calls, () => CallWithAwaitAsync(grains, 64, calls));
        await MeasureAsync("call, grain to grain, one pair", calls, () => one.CallOther("two", calls));
        await MeasureAsync("call, grain to grain, 16 pairs", calls, () => Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => grains.GetGrain<IEchoGrain>($"from{i}").CallOther($"to{i}", calls / 16))));
        await MeasureAsync("hint, one sender, one grain", calls, async () =>
        {
            for (var i = 0; i < calls; i++) await one.Hint(i, 1);
            await one.Hints();
        });
    }

    private static async Task MeasureActivationsAsync(IGrainFactory grains, BenchmarkScale scale)
    {
        var count = scale.Amount(50_000);
        var next = 0;
        await MeasureAsync("activation and first call", count, async () =>
        {
            for (var i = 0; i < count; i++) await grains.GetGrain<IEchoGrain>(Key("a", next++)).Echo(i);
        });
        await MeasureAsync("activation with stored state, first write, leaving memory", count, () => SideBySideAsync(32, count, async i =>
        {
            var grain = grains.GetGrain<ILifecycleGrain>(Key("s", i));
            await grain.Enqueue(Entry);
            await grain.Leave();
        }));
    }

    /// <summary>Enqueue, leave memory, wake, lease, outcome, leave memory: two activations, four turns, three hints.</summary>
    private static async Task MeasureLifecyclesAsync(IGrainFactory grains, BenchmarkScale scale)
    {
        var count = scale.Amount(20_000);
        await MeasureAsync("lifecycle: two activations, four turns, three hints", count, () => SideBySideAsync(32, count, async i =>
        {
            var grain = grains.GetGrain<ILifecycleGrain>(Key("l", i));
            await grain.Enqueue(Entry);
            await grain.Leave();
            await grain.Wake(1, i);
            var token = await grain.Lease(1, DateTimeOffset.UnixEpoch);
            await grain.Report(token, Entry);
            await grain.Leave();
        }));
    }

    private static async Task CallInTurnAsync(IEchoGrain grain, int calls)
    {
        for (var i = 0; i < calls; i++) await grain.Echo(i);
    }

    private static Task CallSideBySideAsync(IGrainFactory grains, int callers, int calls) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            () => CallInTurnAsync(grains.GetGrain<IEchoGrain>($"echo{caller}"), calls / callers))));

    private static Task CallWithAwaitAsync(IGrainFactory grains, int callers, int calls) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var grain = grains.GetGrain<IEchoGrain>($"echo{caller}");
            for (var i = 0; i < calls / callers; i++) await grain.EchoAfterAwait(i);
        })));

    private static Task SideBySideAsync(int workers, int count, Func<int, Task> work) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; i < count; i += workers) await work(i);
        })));

    private static string Key(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"tenant/{kind}{i:D8}");

    /// <summary>Three runs; the first warms up and the best of the others counts.</summary>
    private static async Task MeasureAsync(string name, int operations, Func<Task> run)
    {
        var best = TimeSpan.MaxValue;
        var processor = TimeSpan.MaxValue;
        long bytes = 0;
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var processorBefore = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            await run();
            watch.Stop();
            if (round == 0) continue;
            bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / operations;
            var used = Environment.CpuUsage.TotalTime - processorBefore;
            if (watch.Elapsed < best) best = watch.Elapsed;
            if (used < processor) processor = used;
        }

        Console.WriteLine($"{name,-60} {operations / best.TotalSeconds,12:N0}/s {best.TotalMicroseconds / operations,9:N2} us {processor.TotalMicroseconds / operations,9:N2} us cpu {bytes,7:N0} B");
    }
}
