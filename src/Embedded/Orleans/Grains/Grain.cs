using Orleans.Turns;

namespace Orleans;

/// <summary>Base of grain classes: one instance per activation, one turn at a time.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly ITurnContext? _context;

    protected Grain() => _context = TaskScheduler.Current as ITurnContext;

    public IGrainContext GrainContext => Context;

    protected IGrainFactory GrainFactory => Context.GrainFactory;

    protected IServiceProvider ServiceProvider => Context.ActivationServices;

    private ITurnContext Context =>
        _context ?? throw new InvalidOperationException($"{GetType().Name} was not created by the runtime: it has no context.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Leaves memory once the running calls have ended; calls that wait go to a new activation.</summary>
    protected void DeactivateOnIdle() => Context.DeactivateOnIdle();

    /// <summary>Not collected for being idle before this much time has passed; a negative time withdraws an earlier wish.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Context.DelayDeactivation(timeSpan);
}
