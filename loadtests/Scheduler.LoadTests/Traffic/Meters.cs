using System.Collections.Immutable;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Traffic;

/// <summary>One meter for each operation that load is made of.</summary>
internal sealed class Meters
{
    public OperationMeter Enqueue { get; } = new("EnqueueAccounts");

    public OperationMeter History { get; } = new("UpsertContactHistory");

    /// <summary>From the later of the call's start and the moment at which the first of its dispatches fell due.</summary>
    public OperationMeter Pull { get; } = new("PullDispatches");

    public OperationMeter Confirm { get; } = new("ConfirmDispatches");

    public OperationMeter Report { get; } = new("ReportOutcomes");

    public OperationMeter Receipts { get; } = new("ReportReceipts");

    public OperationMeter Get { get; } = new("GetDebtor");

    public ImmutableArray<OperationMeter> All => [Enqueue, History, Pull, Confirm, Report, Receipts, Get];
}
