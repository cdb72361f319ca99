namespace Scheduler.Embedded.Orleans.Tests.Activations;

public interface ILifeGrain : IGrainWithStringKey
{
    Task<int> Instance();

    Task Leave();

    Task LeaveBehindGate(string gate);

    Task Stay(TimeSpan time);

    Task Wait(string gate);

    Task CallOnLeaving(string otherKey);
}

/// <summary>Notes its coming and going; keys that begin with "bad" or "slow" misbehave.</summary>
[GrainType("life")]
public sealed class LifeGrain(Probe probe) : Grain, ILifeGrain
{
    private static int s_instances;

    private readonly int _instance = Interlocked.Increment(ref s_instances);
    private string? _calledOnLeaving;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Note($"{Key} activates");
        if (Key.StartsWith("slow", StringComparison.Ordinal)) await probe.PassAsync("activation");
        if (Key.StartsWith("bad", StringComparison.Ordinal) && probe.Count($"{Key} activates") == 1) throw new InvalidOperationException("Not today.");
        probe.Note($"{Key} activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_calledOnLeaving is not null) await GrainFactory.GetGrain<ILifeGrain>(_calledOnLeaving).Instance();
        probe.Note($"{Key} left: {reason.ReasonCode}");
    }

    public Task<int> Instance()
    {
        probe.Note($"{Key} called");
        return Task.FromResult(_instance);
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task LeaveBehindGate(string gate)
    {
        DeactivateOnIdle();
        probe.Note($"{Key} asked to leave");
        await probe.PassAsync(gate);
        probe.Note($"{Key} call ended");
    }

    public Task Stay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public async Task Wait(string gate)
    {
        probe.Note($"{Key} waits");
        await probe.PassAsync(gate);
        probe.Note($"{Key} waited");
    }

    public Task CallOnLeaving(string otherKey)
    {
        _calledOnLeaving = otherKey;
        return Task.CompletedTask;
    }
}

public interface IShortLivedGrain : IGrainWithStringKey
{
    Task Touch();
}

[CollectionAgeLimit(Minutes = 2)]
public sealed class ShortLivedGrain(Probe probe) : Grain, IShortLivedGrain
{
    public Task Touch() => Task.CompletedTask;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note("short-lived left");
        return Task.CompletedTask;
    }
}

public interface IKeptGrain : IGrainWithStringKey
{
    Task<int> Touch();
}

[KeepAlive]
public sealed class KeptGrain : Grain, IKeptGrain
{
    private int _touches;

    public Task<int> Touch() => Task.FromResult(++_touches);
}

public interface IPlainGrain : IGrainWithStringKey
{
    Task<string> Services(bool again);
}

/// <summary>A grain that derives from nothing and takes scoped services.</summary>
public sealed class PlainGrain(IGrainContext context, ScopedService scoped, TimeProvider time) : IGrainBase, IPlainGrain, IDisposable
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken token)
    {
        scoped.Probe.Note("plain activated");
        return Task.CompletedTask;
    }

    public Task<string> Services(bool again) =>
        Task.FromResult($"{this.GetPrimaryKeyString()} {ReferenceEquals(scoped, context.ActivationServices.GetService(typeof(ScopedService)))} {time.GetUtcNow():yyyy-MM-dd}");

    public void Dispose() => scoped.Probe.Note("plain disposed");
}

public sealed class ScopedService(Probe probe) : IDisposable
{
    public Probe Probe => probe;

    public void Dispose() => probe.Note("scope disposed");
}
