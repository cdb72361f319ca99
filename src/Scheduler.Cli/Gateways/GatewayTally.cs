namespace Scheduler.Cli.Gateways;

/// <summary>What a gateway did so far. Threading: safe for many; counts are exact once it is idle.</summary>
internal sealed class GatewayTally
{
    private long _leased;
    private long _placed;
    private long _notPlaced;
    private long _denied;
    private long _rightParty;
    private long _promises;
    private long _receipts;
    private long _released;

    public long Leased => Interlocked.Read(ref _leased);

    public long Placed => Interlocked.Read(ref _placed);

    public long NotPlaced => Interlocked.Read(ref _notPlaced);

    public long Denied => Interlocked.Read(ref _denied);

    public long RightParty => Interlocked.Read(ref _rightParty);

    public long Promises => Interlocked.Read(ref _promises);

    public long Receipts => Interlocked.Read(ref _receipts);

    public long Released => Interlocked.Read(ref _released);

    public void AddLeased(long count) => Interlocked.Add(ref _leased, count);

    public void AddPlaced() => Interlocked.Increment(ref _placed);

    public void AddNotPlaced() => Interlocked.Increment(ref _notPlaced);

    public void AddDenied() => Interlocked.Increment(ref _denied);

    public void AddRightParty() => Interlocked.Increment(ref _rightParty);

    public void AddPromise() => Interlocked.Increment(ref _promises);

    public void AddReceipts(long count) => Interlocked.Add(ref _receipts, count);

    public void AddReleased(long count) => Interlocked.Add(ref _released, count);
}
