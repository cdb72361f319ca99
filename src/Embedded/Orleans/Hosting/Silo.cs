using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.References;
using Orleans.Turns;

namespace Orleans.Hosting;

/// <summary>
/// The grains of this process: activations, clocks, and the two ends of its life. It starts taking calls before the
/// application's services start and stops taking them from outside before it drains.
/// </summary>
internal sealed class Silo : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly GrainCollectionOptions _collection;
    private readonly GrainCatalog _catalog;
    private State _state;
    private ITimer? _collector;

    public Silo(
        IServiceProvider services,
        GrainCatalog catalog,
        TimeProvider time,
        IOptions<GrainCollectionOptions> collection,
        IOptions<SiloMessagingOptions> messaging,
        ILogger<Silo> logger)
    {
        Services = services;
        Time = time;
        Logger = logger;
        _collection = collection.Value;
        _catalog = catalog;
        Activations = new ActivationDirectory(this);
        Deadlines = new ResponseDeadlines(time, messaging.Value.ResponseTimeout);
        Grains = new GrainFactory(this, catalog);
    }

    private enum State
    {
        Created,
        Open,
        ClosedToOutside,
        Stopped,
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public ActivationDirectory Activations { get; }

    public ResponseDeadlines Deadlines { get; }

    public GrainFactory Grains { get; }

    public TimeSpan DeactivationTimeout => _collection.DeactivationTimeout;

    /// <summary>Timers and reminders start no turns any more.</summary>
    public bool IsStopping => _state >= State.ClosedToOutside;

    public long Ticks(TimeSpan span) => checked((long)(span.TotalSeconds * Time.TimestampFrequency));

    /// <summary>Whether a call made on that scheduler is refused: while draining, grains may still call grains.</summary>
    public bool Refuses(TaskScheduler caller) => _state != State.Open && (_state != State.ClosedToOutside || caller is not Activation);

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<Silo>(ServiceLifecycleStage.RuntimeGrainServices, OpenAsync, _ => Task.CompletedTask);
        lifecycle.Subscribe<Silo>(ServiceLifecycleStage.BecomeActive, _ => Task.CompletedTask, CloseToOutsideAsync);
        lifecycle.Subscribe<Silo>(ServiceLifecycleStage.GrainDeactivation, _ => Task.CompletedTask, DrainAsync);
    }

    public void Dispose()
    {
        _collector?.Dispose();
        Deadlines.Dispose();
    }

    private Task OpenAsync(CancellationToken cancellationToken)
    {
        _catalog.Validate(_collection);
        Deadlines.Start();
        _collector = Time.CreateTimer(
            static silo => ((Silo)silo!).CollectIdle(), this, _collection.CollectionQuantum, _collection.CollectionQuantum);
        _state = State.Open;
        return Task.CompletedTask;
    }

    private void CollectIdle() => Activations.CollectIdle(Time.GetTimestamp());

    private Task CloseToOutsideAsync(CancellationToken cancellationToken)
    {
        _state = State.ClosedToOutside;
        return Task.CompletedTask;
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        // A start that failed early stops from here too.
        _state = State.ClosedToOutside;
        _collector?.Dispose();
        try
        {
            await Activations.BecomeQuietAsync(cancellationToken);
            await Activations.DeactivateAllAsync(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is shutting down."), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Logger.LogError("The host's time to shut down is over; {Count} activations are left as they are.", Activations.Count);
        }

        _state = State.Stopped;
        Deadlines.Dispose();
    }
}
