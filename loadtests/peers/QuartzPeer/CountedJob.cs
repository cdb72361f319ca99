using Quartz;

namespace Scheduler.Peers;

/// <summary>A job that does nothing but be counted: what is measured is the store.</summary>
internal sealed class CountedJob : IJob
{
    private static long _count;

    public static long Count => Interlocked.Read(ref _count);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return ValueTask.CompletedTask;
    }
}
