namespace Orleans;

/// <summary>Subscribes two functions instead of an observer.</summary>
public static class LifecycleExtensions
{
    public static IDisposable Subscribe<TObserver>(
        this ILifecycleObservable observable,
        int stage,
        Func<CancellationToken, Task> onStart,
        Func<CancellationToken, Task> onStop)
    {
        ArgumentNullException.ThrowIfNull(observable);
        return observable.Subscribe(typeof(TObserver).FullName ?? typeof(TObserver).Name, stage, new Functions(onStart, onStop));
    }

    private sealed class Functions(Func<CancellationToken, Task>? onStart, Func<CancellationToken, Task>? onStop) : ILifecycleObserver
    {
        public Task OnStart(CancellationToken cancellationToken = default) => onStart?.Invoke(cancellationToken) ?? Task.CompletedTask;

        public Task OnStop(CancellationToken cancellationToken = default) => onStop?.Invoke(cancellationToken) ?? Task.CompletedTask;
    }
}
