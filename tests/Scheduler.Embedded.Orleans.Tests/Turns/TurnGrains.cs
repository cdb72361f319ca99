using Orleans.Concurrency;

namespace Scheduler.Embedded.Orleans.Tests.Turns;

public interface ITurnGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    Task Step(string name, string? gate);

    Task<int> CountWithAwaits(int times);

    [AlwaysInterleave]
    Task<string> Peek(string name);

    [OneWay]
    Task Hint(string name, string? gate);

    [OneWay]
    Task BadHint();

    Task CallOther(string otherKey, string? back);

    Task<bool> ContinuesOnItsScheduler();

    Task Fail(string message);

    Task FailLater(string message);

    ValueTask<string> Describe(string first, long second, DateTimeOffset third);

    ValueTask Touch();

    Task<string?> Baggage();

    Task<bool> Cancelled(CancellationToken cancellationToken);

    Task<string?> ReadContext(string key);
}

[GrainType("turn")]
public sealed class TurnGrain(Probe probe) : Grain, ITurnGrain
{
    private int _sum;

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public async Task Step(string name, string? gate)
    {
        probe.Note($"{name} begins");
        if (gate is null) await Task.Yield();
        else await probe.PassAsync(gate);
        probe.Note($"{name} goes on");
        await Task.Yield();
        probe.Note($"{name} ends");
    }

    public async Task<int> CountWithAwaits(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var seen = _sum;
            await Task.Yield();
            _sum = seen + 1;
        }

        return _sum;
    }

    public async Task<string> Peek(string name)
    {
        probe.Note($"{name} begins");
        await Task.Yield();
        probe.Note($"{name} ends");
        return this.GetPrimaryKeyString();
    }

    public Task Hint(string name, string? gate) => Step(name, gate);

    public Task BadHint()
    {
        probe.Note("bad hint");
        throw new InvalidOperationException("Nobody hears this.");
    }

    public async Task CallOther(string otherKey, string? back)
    {
        probe.Note($"{this.GetPrimaryKeyString()} calls {otherKey}");
        var other = GrainFactory.GetGrain<ITurnGrain>(otherKey);
        if (back is null) await other.Add(1);
        else await other.CallOther(back, null);
    }

    public async Task<bool> ContinuesOnItsScheduler()
    {
        var scheduler = TaskScheduler.Current;
        var kept = scheduler != TaskScheduler.Default;
        await Task.Yield();
        kept &= TaskScheduler.Current == scheduler;
        await Task.Run(static () => { }, TestContext.Current.CancellationToken);
        kept &= TaskScheduler.Current == scheduler;
        await GrainFactory.GetGrain<ITurnGrain>("another").Add(1);
        return kept && TaskScheduler.Current == scheduler;
    }

    public Task Fail(string message) => throw new FieldException(message);

    public async Task FailLater(string message)
    {
        await Task.Yield();
        throw new FieldException(message);
    }

    public ValueTask<string> Describe(string first, long second, DateTimeOffset third) => ValueTask.FromResult($"{first} {second} {third:O}");

    public async ValueTask Touch()
    {
        await Task.Yield();
        probe.Note("touched");
    }

    public async Task<string?> Baggage()
    {
        await Task.Yield();
        return System.Diagnostics.Activity.Current?.OperationName;
    }

    public async Task<bool> Cancelled(CancellationToken cancellationToken)
    {
        probe.Note("waits for cancellation");
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => cancelled.TrySetResult(true));
        return await cancelled.Task;
    }

    public Task<string?> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string);
}

[GenerateSerializer]
public sealed class FieldException(string message) : Exception(message);

public interface IReentrantGrain : IGrainWithIntegerKey
{
    Task Step(string name, string? gate);
}

[Reentrant]
public sealed class ReentrantGrain(Probe probe) : Grain, IReentrantGrain
{
    public async Task Step(string name, string? gate)
    {
        probe.Note($"{name} begins");
        if (gate is not null) await probe.PassAsync(gate);
        probe.Note($"{name} ends");
    }
}
