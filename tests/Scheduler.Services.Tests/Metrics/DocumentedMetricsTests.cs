using Scheduler.Grains.Operations;
using Scheduler.Host.Metrics;
using Scheduler.Services.Calls;
using Scheduler.Storage.GroupCommit;

namespace Scheduler.Services.Tests.Metrics;

/// <summary>docs/operations.md names every metric, and none that there is not.</summary>
public sealed class DocumentedMetricsTests
{
    /// <summary>Made with a store's committer, which this room does not open.</summary>
    private const string QueueLength = "contact_commit_queue_rows";

    [Fact]
    public void Every_metric_stands_in_the_operations_page_and_every_one_that_stands_there_is_written()
    {
        using var book = MetricsBook.OfScheduler();
        using var counters = new ContactCounters();
        using var calls = new CallMeter();
        using var commits = new CommitMetrics();
        using var process = new ProcessGauges();
        _ = new StateGauges(null!, null!, new Kit.TestClock(), counters);
        var documented = Repository.DocumentedMetrics();
        Assert.All(CounterNames.All, name => Assert.Contains($"contact_{name}_total", documented));
        var written = book.Names.Append(QueueLength).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(written.Except(documented));
        Assert.Empty(documented.Except(written));
    }
}
