using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Scheduler.Host.Metrics;

/// <summary>The process and its runtime, asked at each scrape; costs nothing in between.</summary>
internal sealed class ProcessGauges : IDisposable
{
    public const string MeterName = "Scheduler.Process";

    private readonly Meter _meter = new(MeterName);

    public ProcessGauges()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1_000.0;
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";
        _meter.CreateObservableGauge("process_start_time_seconds", () => started, "s", "When the process started.");
        _meter.CreateObservableCounter("process_cpu_seconds_total", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time, user and system.");
        _meter.CreateObservableGauge("process_resident_memory_bytes", static () => Environment.WorkingSet, "By", "Resident memory.");
        _meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time that the process stood still for garbage collection.");
        _meter.CreateObservableCounter("dotnet_gc_collections_total", Collections, "{collection}", "Garbage collections, by generation; an older one counts in the younger too.");
        _meter.CreateObservableCounter("dotnet_allocated_bytes_total", static () => GC.GetTotalAllocatedBytes(), "By", "Memory allocated.");
        _meter.CreateObservableGauge("dotnet_gc_heap_bytes", static () => GC.GetTotalMemory(forceFullCollection: false), "By", "Memory of the managed heap in use.");
        _meter.CreateObservableGauge("dotnet_thread_pool_threads", static () => ThreadPool.ThreadCount, "{thread}", "Threads of the pool.");
        _meter.CreateObservableGauge("dotnet_thread_pool_queued_items", static () => ThreadPool.PendingWorkItemCount, "{item}", "Work waiting for a thread of the pool.");
        _meter.CreateObservableGauge(
            "contact_build_info",
            () => new Measurement<int>(
                1, new KeyValuePair<string, object?>("version", version), new KeyValuePair<string, object?>("runtime", RuntimeInformation.FrameworkDescription)),
            "{build}",
            "1, with the release and the runtime that it runs on.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Collections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new Measurement<int>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation switch { 0 => "0", 1 => "1", _ => "2" }));
        }
    }
}
