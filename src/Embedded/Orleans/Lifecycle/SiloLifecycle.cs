namespace Orleans.Lifecycle;

/// <summary>Starts stages upwards and stops, downwards, those that were reached. Observers of one stage run side by side.</summary>
internal sealed class SiloLifecycle : ISiloLifecycle
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];
    private int? _reached;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, stage, observer);
        lock (_gate) _subscriptions.Add(subscription);
        return subscription;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in Stages().OrderBy(static group => group.Key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _reached = stage.Key;
            await Task.WhenAll(stage.Select(each => each.Observer.OnStart(cancellationToken)));
        }
    }

    /// <summary>Every stage gets its chance to stop; what went wrong is thrown at the end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (var stage in Stages().Where(group => group.Key <= _reached).OrderByDescending(static group => group.Key))
        {
            try
            {
                await Task.WhenAll(stage.Select(each => each.Observer.OnStop(cancellationToken)));
            }
            catch (Exception exception)
            {
                // A stage that does not stop must not keep the ones below it, storage among them, from stopping.
                failures.Add(exception);
            }
        }

        _reached = null;
        if (failures.Count > 0) throw new AggregateException(failures);
    }

    private List<IGrouping<int, Subscription>> Stages()
    {
        lock (_gate) return [.. _subscriptions.GroupBy(static each => each.Stage)];
    }

    private sealed record Subscription(SiloLifecycle Lifecycle, int Stage, ILifecycleObserver Observer) : IDisposable
    {
        public void Dispose()
        {
            lock (Lifecycle._gate) Lifecycle._subscriptions.Remove(this);
        }
    }
}
