using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.Timers;

namespace Orleans.Turns;

// How an activation comes and goes: state is read and OnActivateAsync runs before the first turn, OnDeactivateAsync after the last.
internal sealed partial class Activation
{
    private static readonly Action<Task, object?> ActivateEnded = static (task, _) => ((Activation)Current).OnActivateEnded(task);
    private static readonly Action<Task, object?> DeactivateEnded = static (_, _) => ((Activation)Current).Leave();

    // Touched by this activation's own code only.
    private IGrainBase? _grain;
    private Extras? _extras;

    public IGrainBase Grain => _grain ?? throw new InvalidOperationException($"{GrainId} is not active.");

    public IGrainBase? Instance => _grain;

    public IGrainFactory GrainFactory => _silo.Grains;

    public IServiceProvider ActivationServices => (More.Scope ??= _silo.Services.CreateAsyncScope()).ServiceProvider;

    private Extras More => _extras ?? MakeExtras();

    public void DeactivateOnIdle() =>
        Close(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The grain asked for it."));

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        var until = timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue ? long.MaxValue
            : timeSpan < TimeSpan.Zero ? long.MinValue
            : _silo.Time.GetTimestamp() + _silo.Ticks(timeSpan);
        var extras = More;
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            extras.KeptUntil = until;
        }
        finally
        {
            if (taken) _gate.Exit();
        }
    }

    public IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, _silo, token => callback(state, token), options);
        (More.Timers ??= []).Add(timer);
        timer.Start();
        return timer;
    }

    public void Forget(GrainTimer timer) => _extras?.Timers?.Remove(timer);

    /// <summary>Admits no more turns; leaves once the running ones have ended. While activating, the calls that wait come first.</summary>
    public void Close(DeactivationReason reason)
    {
        var taken = false;
        bool schedule;
        try
        {
            _gate.Enter(ref taken);
            if (_closeRequested || _phase >= Phase.Closing) return;
            _closeRequested = true;
            More.Reason = reason;
            schedule = CloseUnderGate();
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Closes if nothing has used the activation for its class's age and nothing keeps it.</summary>
    public void CollectIfIdle(long now)
    {
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            if (_phase != Phase.Active || !IsQuiet || now - _usedAt < _class.CollectionAgeTicks || _extras?.KeptUntil > now) return;
            _closeRequested = true;
            More.Reason = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The activation was idle.");
            CloseUnderGate();
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Completes when no turn runs or waits; at once if that is so now.</summary>
    public Task BecomeQuietAsync()
    {
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            if (IsQuiet || (_phase == Phase.Gone && !_scheduled)) return Task.CompletedTask;
            return (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        finally
        {
            if (taken) _gate.Exit();
        }
    }

    private bool CloseUnderGate()
    {
        if (_phase == Phase.Created) _phase = Phase.Active;
        if (_phase != Phase.Active) return false;
        _phase = Phase.Closing;
        var schedule = !_scheduled;
        _scheduled = true;
        return schedule;
    }

    private void Activate()
    {
        try
        {
            _grain = _class.Create(this, out var states);
            if (states is null && !_class.HasOnActivate)
            {
                Activated();
                return;
            }

            var task = ActivateAsync(states);
            if (task.IsCompletedSuccessfully) Activated();
            else _ = task.ContinueWith(ActivateEnded, null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, this);
        }
        catch (Exception exception)
        {
            // Constructors and storage look-ups throw what they like; the callers get it.
            FailActivation(exception);
        }
    }

    private async Task ActivateAsync(IStoredState[]? states)
    {
        if (states is [var only])
        {
            await only.ReadStateAsync();
        }
        else if (states is not null)
        {
            await Task.WhenAll(states.Select(static state => state.ReadStateAsync()));
        }

        if (_class.HasOnActivate) await _grain!.OnActivateAsync(CancellationToken.None);
    }

    private void OnActivateEnded(Task task)
    {
        if (task.IsCompletedSuccessfully) Activated();
        else FailActivation(task.Exception?.InnerException ?? new TaskCanceledException(task));
    }

    private void Activated()
    {
        var now = _silo.Time.GetTimestamp();
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            _usedAt = now;
            _phase = Phase.Active;

            // Back into the order of arrival: what interleaves must not stay behind what waits.
            while (_inbox.Dequeue() is { } item) _waiting.Enqueue(item);
            (_inbox, _waiting) = (_waiting, _inbox);
            if (_closeRequested && _inbox.IsEmpty) _phase = Phase.Closing;
        }
        finally
        {
            if (taken) _gate.Exit();
        }
    }

    private void FailActivation(Exception exception)
    {
        _silo.Logger.LogError(exception, "Activation of {GrainId} failed.", GrainId);
        StopTimers();
        var rest = Retire();
        Release();
        if (rest is null) return;
        foreach (var turn in rest) turn.Fail(exception);
    }

    private void Deactivate()
    {
        StopTimers();
        if (_grain is null || !_class.HasOnDeactivate)
        {
            Leave();
            return;
        }

        var task = DeactivateAsync();
        if (task.IsCompleted) Leave();
        else _ = task.ContinueWith(DeactivateEnded, null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, this);
    }

    private async Task DeactivateAsync()
    {
        using var expiry = new CancellationTokenSource(_silo.DeactivationTimeout, _silo.Time);
        try
        {
            await _grain!.OnDeactivateAsync(More.Reason, expiry.Token).WaitAsync(_silo.DeactivationTimeout, _silo.Time);
        }
        catch (Exception exception)
        {
            // The activation leaves whatever its last words were.
            _silo.Logger.LogError(exception, "Deactivation of {GrainId} failed.", GrainId);
        }
    }

    private void Leave()
    {
        var rest = Retire();
        Release();
        if (rest is null) return;
        foreach (var turn in rest) turn.Redirect();
    }

    /// <summary>From here on turns are refused; the ones that wait are handed back.</summary>
    private List<ITurn>? Retire()
    {
        List<ITurn>? rest = null;
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            _phase = Phase.Gone;
            for (var i = _waiting.Count; i > 0; i--) Keep(_waiting.Dequeue()!, ref rest);
            for (var i = _inbox.Count; i > 0; i--) Keep(_inbox.Dequeue()!, ref rest);
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        _silo.Activations.Remove(this);
        return rest;
    }

    private void Keep(object item, ref List<ITurn>? turns)
    {
        // Continuations of an abandoned turn still run; only turns move on.
        if (item is not ITurn turn) _inbox.Enqueue(item);
        else if (!turn.IsAbandoned) (turns ??= []).Add(turn);
    }

    private void Release()
    {
        var grain = _grain;
        var scope = _extras?.Scope;
        _grain = null;
        _extras = null;
        if (grain is IAsyncDisposable or IDisposable || scope is not null) _ = DisposeAsync(grain, scope);
    }

    private async Task DisposeAsync(IGrainBase? grain, AsyncServiceScope? scope)
    {
        try
        {
            if (grain is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else if (grain is IDisposable disposable) disposable.Dispose();
            if (scope is { } services) await services.DisposeAsync();
        }
        catch (Exception exception)
        {
            // Nobody waits for the disposal of a grain.
            _silo.Logger.LogError(exception, "Disposing {GrainId} failed.", GrainId);
        }
    }

    private void StopTimers()
    {
        if (_extras?.Timers is not { } timers) return;
        foreach (var timer in timers.ToArray()) timer.Dispose();
    }

    private Extras MakeExtras()
    {
        var made = new Extras();
        return Interlocked.CompareExchange(ref _extras, made, null) ?? made;
    }

    /// <summary>What most activations never have, kept out of their size.</summary>
    private sealed class Extras
    {
        public AsyncServiceScope? Scope { get; set; }

        public List<GrainTimer>? Timers { get; set; }

        public DeactivationReason Reason { get; set; }

        public long KeptUntil { get; set; } = long.MinValue;
    }
}
