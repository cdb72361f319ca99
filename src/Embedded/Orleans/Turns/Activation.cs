using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.References;

namespace Orleans.Turns;

/// <summary>
/// One grain in memory: its mailbox, its scheduler and the work item that runs both. Turns are admitted one at a time;
/// code after an await comes back here, because the activation is the <see cref="TaskScheduler"/> that its turns run on.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IThreadPoolWorkItem, ITurnContext
{
    // After so many items the thread goes to others that wait for it.
    private const int ItemsPerSlice = 64;

    private static readonly object ActivateStep = new();
    private static readonly object DeactivateStep = new();
    private static readonly Action<object?> RunSlice = static activation => ((Activation)activation!).Run();

    private readonly GrainClass _class;
    private readonly Silo _silo;
    private readonly IdSpan _key;

    // Guards everything below up to the next comment; held for a few instructions, never while code of a grain runs.
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private Phase _phase;
    private bool _scheduled;
    private bool _closeRequested;
    private WorkQueue _inbox;
    private WorkQueue _waiting;
    private ITurn? _blocking;
    private List<ITurn>? _interleaved;
    private TaskCompletionSource? _quiet;
    private long _usedAt;

    public Activation(Silo silo, GrainClass grainClass, GrainId grainId)
    {
        _silo = silo;
        _class = grainClass;
        _key = grainId.Key;
    }

    private enum Phase : byte
    {
        Created,
        Activating,
        Active,

        // No turn is admitted any more; the running ones end.
        Closing,
        Deactivating,
        Gone,
    }

    public GrainId GrainId => GrainId.Create(_class.GrainType, _key);

    public override int MaximumConcurrencyLevel => 1;

    private bool IsRunning => _blocking is not null || _interleaved is { Count: > 0 };

    private bool IsQuiet => !_scheduled && !IsRunning && _inbox.IsEmpty && _waiting.IsEmpty;

    /// <summary>Puts a turn into the mailbox. False: this activation is gone, there may be another.</summary>
    public bool TryEnqueue(ITurn turn)
    {
        var taken = false;
        bool schedule;
        try
        {
            _gate.Enter(ref taken);
            if (_phase == Phase.Gone) return false;
            _inbox.Enqueue(turn);
            schedule = !_scheduled;
            _scheduled = true;
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        if (!IsWatched) _silo.Deadlines.Watch(this);
        return true;
    }

    /// <summary>A turn has ended, now or after awaits. Only called on this scheduler, so the running slice goes on by itself.</summary>
    public void EndTurn(ITurn turn)
    {
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            if (ReferenceEquals(_blocking, turn)) _blocking = null;
            else _interleaved?.Remove(turn);
            if (_closeRequested && _phase == Phase.Active) _phase = Phase.Closing;
        }
        finally
        {
            if (taken) _gate.Exit();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Code runs on a scheduler only inside one of its tasks, so each slice is one.
        var slice = new Task(RunSlice, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        slice.RunSynchronously(this);
        if (slice.Exception is not { } exception) return;

        // A fault of this class, not of a grain: told, and the mailbox goes on.
        _silo.Logger.LogCritical(exception, "The mailbox of {GrainId} failed.", GrainId);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected override void QueueTask(Task task)
    {
        var taken = false;
        bool schedule;
        try
        {
            _gate.Enter(ref taken);
            _inbox.Enqueue(task);
            schedule = !_scheduled;
            _scheduled = true;
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        // Inline only where this activation's code already runs, and for the slice itself.
        if (taskWasPreviouslyQueued) return false;
        return (ReferenceEquals(Current, this) || ReferenceEquals(task.AsyncState, this)) && TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => throw new NotSupportedException();

    private void Run()
    {
        var clean = ExecutionContext.Capture();
        for (var i = 0; i < ItemsPerSlice; i++)
        {
            var item = Next();
            if (item is null) return;
            if (item is Task task) TryExecuteTask(task);
            else if (ReferenceEquals(item, ActivateStep)) Activate();
            else if (ReferenceEquals(item, DeactivateStep)) Deactivate();
            else ((ITurn)item).Start(this);

            // What a turn left in the ambient context is not the next one's.
            if (clean is not null && !ReferenceEquals(ExecutionContext.Capture(), clean)) ExecutionContext.Restore(clean);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>What may run next; null when nothing may, and then the next arrival schedules a new slice.</summary>
    private object? Next()
    {
        TaskCompletionSource? quiet = null;
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            if (NextAdmitted() is { } item) return item;
            _scheduled = false;
            if (!IsRunning && _quiet is not null && (_waiting.IsEmpty || _phase == Phase.Gone)) (quiet, _quiet) = (_quiet, null);
        }
        finally
        {
            if (taken) _gate.Exit();
        }

        quiet?.TrySetResult();
        return null;
    }

    private object? NextAdmitted()
    {
        while (_phase == Phase.Active && _blocking is null && _waiting.Dequeue() is ITurn waiting)
        {
            if (!waiting.IsAbandoned) return Admit(waiting);
        }

        while (_inbox.Dequeue() is { } item)
        {
            if (item is not ITurn turn) return item;
            if (turn.IsAbandoned) continue;
            if (_phase == Phase.Active && (_blocking is null || turn.Interleaves || _class.IsReentrant)) return Admit(turn);
            _waiting.Enqueue(turn);
            if (_phase != Phase.Created) continue;
            _phase = Phase.Activating;
            return ActivateStep;
        }

        if (_phase != Phase.Closing || IsRunning) return null;
        _phase = Phase.Deactivating;
        return DeactivateStep;
    }

    private ITurn Admit(ITurn turn)
    {
        if (turn.KeepsAlive) _usedAt = turn.SentAt;
        if (turn.Interleaves || _class.IsReentrant || _blocking is not null) (_interleaved ??= []).Add(turn);
        else _blocking = turn;
        return turn;
    }
}
