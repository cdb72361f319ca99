using System.Collections.Immutable;

namespace Scheduler.LoadTests.Measuring;

/// <summary>
/// Looks once a second: what was offered and achieved, the latencies of the last second, what each process uses. Long runs are kept in
/// bounded memory: past the limit, every other look is dropped and the distance doubles.
/// </summary>
internal sealed class RunSampler(TimeProvider clock, ImmutableArray<ProcessMeter> processes, Func<long> offered, Func<long> achieved)
{
    private const int MostKept = 1_200;

    private readonly Lock _lock = new();
    private readonly List<RunSample> _samples = [];
    private readonly LatencyHistogram _window = new();
    private long _began;
    private int _secondsApart = 1;
    private int _looks;

    /// <summary>Lateness or latency that the chart over time shows: the last interval's alone.</summary>
    public LatencyHistogram Window => _window;

    public event Action<RunSample>? Looked;

    public ImmutableArray<RunSample> Samples
    {
        get
        {
            lock (_lock) return [.. _samples];
        }
    }

    public void Begin()
    {
        _began = clock.GetTimestamp();
        lock (_lock) _samples.Clear();
        _window.Reset();
        Look();
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            if (++_looks % _secondsApart == 0) Look();
        }
    }

    /// <summary>Takes a sample at this moment.</summary>
    public void Look()
    {
        var sample = new RunSample(
            Math.Round(clock.GetElapsedTime(_began).TotalSeconds, 2), offered(), achieved(), Math.Round(_window.At(0.5), 2), Math.Round(_window.At(0.99), 2),
            [.. processes.Select(static process => new ProcessSample(process.Name, process.Read()))]);
        _window.Reset();
        lock (_lock)
        {
            _samples.Add(sample);
            if (_samples.Count > MostKept)
            {
                for (var i = _samples.Count - 1; i > 0; i -= 2) _samples.RemoveAt(i);
                _secondsApart *= 2;
            }
        }

        Looked?.Invoke(sample);
    }
}

/// <summary>One look; counts and processor seconds are since the process began, latencies of the last interval.</summary>
internal sealed record RunSample(double Second, long Offered, long Achieved, double P50, double P99, ImmutableArray<ProcessSample> Processes);

/// <summary>A process at one look.</summary>
internal sealed record ProcessSample(string Name, ProcessUse Use);
