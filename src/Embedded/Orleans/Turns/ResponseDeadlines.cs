namespace Orleans.Turns;

/// <summary>
/// Fails calls that have had no answer for the response timeout. There is no timer per call: activations with work in
/// their mailbox stand on one list, and a sweep looks through them.
/// </summary>
internal sealed class ResponseDeadlines(TimeProvider time, TimeSpan timeout) : IDisposable
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private readonly long _timeoutTicks = (long)(timeout.TotalSeconds * time.TimestampFrequency);
    private Activation? _watched;
    private ITimer? _timer;

    public void Start()
    {
        var interval = timeout / 10 < LongestInterval ? timeout / 10 : LongestInterval;
        _timer = time.CreateTimer(static deadlines => ((ResponseDeadlines)deadlines!).Sweep(), this, interval, interval);
    }

    public void Dispose() => _timer?.Dispose();

    public void Watch(Activation activation)
    {
        if (!activation.BeginWatch()) return;
        var head = Volatile.Read(ref _watched);
        while (true)
        {
            activation.NextWatched = head;
            var seen = Interlocked.CompareExchange(ref _watched, activation, head);
            if (ReferenceEquals(seen, head)) return;
            head = seen;
        }
    }

    private void Sweep()
    {
        List<ITurn> overdue = [];
        var sentBefore = time.GetTimestamp() - _timeoutTicks;
        var activation = Interlocked.Exchange(ref _watched, null);
        while (activation is not null)
        {
            var next = activation.NextWatched;
            activation.NextWatched = null;

            // Taken off the list before it is looked at: a turn that arrives meanwhile puts it back.
            activation.EndWatch();
            if (activation.FindOverdue(sentBefore, overdue)) Watch(activation);
            activation = next;
        }

        foreach (var turn in overdue)
        {
            turn.Fail(new TimeoutException($"No answer within {timeout}: {turn}."));
        }
    }
}
