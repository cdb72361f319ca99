using System.Collections.Concurrent;

namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>
/// A scheduler with one thread. SQLite's calls block on the disk; on the pool each of them would take a thread away from the grains.
/// </summary>
internal sealed class DedicatedThread : TaskScheduler, IDisposable
{
    // Unbounded: holds one continuation of each loop, and the scans and rare writes of callers, who wait for them.
    private readonly BlockingCollection<Task> tasks = [];
    private readonly Thread thread;

    public DedicatedThread(string name)
    {
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs it on the thread, after what is queued already.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this);
        }
        catch (TaskSchedulerException closed)
        {
            throw new StorageUnavailableException("Storage is closing.", closed);
        }
    }

    /// <summary>Finishes what is queued.</summary>
    public void Dispose()
    {
        tasks.CompleteAdding();
        thread.Join();
        tasks.Dispose();
    }

    protected override void QueueTask(Task task) => tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => tasks;

    private void Run()
    {
        foreach (var task in tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    }
}
