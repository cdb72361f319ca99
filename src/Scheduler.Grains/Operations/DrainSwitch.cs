namespace Scheduler.Grains.Operations;

/// <summary>Thrown once, when the host begins to stop: ingest refuses, pulls answer quiet, turns finish.</summary>
public sealed class DrainSwitch : IDisposable
{
    private readonly CancellationTokenSource _draining = new();

    public bool IsDraining => _draining.IsCancellationRequested;

    /// <summary>Cancelled when draining begins: long polls end on it.</summary>
    public CancellationToken Draining => _draining.Token;

    public Task BeginAsync() => _draining.CancelAsync();

    public void Dispose() => _draining.Dispose();
}
