using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Scheduler.Benchmarks;

/// <summary>A grain that answers at once: what remains is the runtime.</summary>
public interface IEchoGrain : IGrainWithStringKey
{
    Task<int> Echo(int value);

    Task<int> EchoAfterAwait(int value);

    ValueTask Nothing();

    [OneWay]
    Task Hint(long due, int lane);

    Task<long> CallOther(string key, int times);

    Task<long> Hints();
}

[GrainType("echo")]
public sealed class EchoGrain : Grain, IEchoGrain
{
    private long _hints;

    public Task<int> Echo(int value) => Task.FromResult(value);

    public async Task<int> EchoAfterAwait(int value)
    {
        await Task.Yield();
        return value;
    }

    public ValueTask Nothing() => ValueTask.CompletedTask;

    public Task Hint(long due, int lane)
    {
        _hints += lane;
        return Task.CompletedTask;
    }

    public async Task<long> CallOther(string key, int times)
    {
        var other = GrainFactory.GetGrain<IEchoGrain>(key);
        long sum = 0;
        for (var i = 0; i < times; i++) sum += await other.Echo(i);
        return sum;
    }

    public Task<long> Hints() => Task.FromResult(_hints);
}

/// <summary>Shaped like a debtor: stored state, three kinds of turn, hints to others, leaves memory when asked.</summary>
public interface ILifecycleGrain : IGrainWithStringKey
{
    Task<int> Enqueue(ImmutableArray<byte> entry);

    [OneWay]
    Task Wake(long version, long due);

    Task<long> Lease(long version, DateTimeOffset now);

    Task<bool> Report(long token, ImmutableArray<byte> outcome);

    Task Leave();
}

public sealed class LifecycleState
{
    public long Version { get; set; }

    public ImmutableArray<byte> Blob { get; set; } = [];
}

[GrainType("lifecycle")]
public sealed class LifecycleGrain([PersistentState("lifecycle", "memory")] IPersistentState<LifecycleState> state) : Grain, ILifecycleGrain
{
    private IEchoGrain Shard => GrainFactory.GetGrain<IEchoGrain>("shard");

    public async Task<int> Enqueue(ImmutableArray<byte> entry)
    {
        state.State.Version++;
        state.State.Blob = entry;
        await state.WriteStateAsync();
        await Shard.Hint(state.State.Version, 1);
        return 1;
    }

    public async Task Wake(long version, long due) => await Shard.Hint(due, 1);

    public async Task<long> Lease(long version, DateTimeOffset now)
    {
        state.State.Version++;
        await state.WriteStateAsync();
        return state.State.Version;
    }

    public async Task<bool> Report(long token, ImmutableArray<byte> outcome)
    {
        state.State.Version++;
        state.State.Blob = outcome;
        await state.WriteStateAsync();
        return true;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>A store that answers at once, from memory: what remains is the runtime.</summary>
public sealed class BenchmarkStorage : IGrainStorage
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<GrainId, object> _states = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!_states.TryGetValue(grainId, out var state)) return Task.CompletedTask;
        grainState.State = (T)state;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states[grainId] = grainState.State!;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(grainId, out _);
        return Task.CompletedTask;
    }
}
