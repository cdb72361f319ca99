namespace Scheduler.LoadTests;

/// <summary>How long the calls of one operation took. Threading: safe for many.</summary>
internal sealed class LatencyLog(string operation)
{
    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = new(4_096);
    private long _items;
    private long _failures;

    public string Operation { get; } = operation;

    public long Items => Interlocked.Read(ref _items);

    public long Failures => Interlocked.Read(ref _failures);

    public void Add(TimeSpan took, int items)
    {
        lock (_lock) _milliseconds.Add(took.TotalMilliseconds);
        Interlocked.Add(ref _items, items);
    }

    public void AddFailures(long count) => Interlocked.Add(ref _failures, count);

    public void Reset()
    {
        lock (_lock) _milliseconds.Clear();
        Interlocked.Exchange(ref _items, 0);
        Interlocked.Exchange(ref _failures, 0);
    }

    public OperationFigures Figures()
    {
        lock (_lock)
        {
            _milliseconds.Sort();
            return new OperationFigures(Operation, _milliseconds.Count, Items, Failures, At(0.50), At(0.99), _milliseconds.Count == 0 ? 0 : Math.Round(_milliseconds[^1], 1));
        }
    }

    private double At(double share) => _milliseconds.Count == 0 ? 0 : Math.Round(_milliseconds[(int)Math.Min(_milliseconds.Count - 1, share * _milliseconds.Count)], 1);
}

/// <summary>Figures of one operation, in milliseconds a call.</summary>
internal sealed record OperationFigures(string Operation, int Calls, long Items, long Failures, double P50, double P99, double Max);
