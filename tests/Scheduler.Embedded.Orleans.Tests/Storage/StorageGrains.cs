namespace Scheduler.Embedded.Orleans.Tests.Storage;

public interface ILedgerGrain : IGrainWithStringKey
{
    Task<string> Read();

    Task Write(string text);

    Task WriteAndSwallow(string text);

    Task Change(string text);

    Task Clear();

    Task<(string? Etag, bool Exists)> Version();

    Task Refresh();

    Task<int> Instance();
}

public interface INumberedGrain : IGrainWithIntegerKey
{
    Task<string> Key();

    Task Write(int value);
}

public interface IHomelessGrain : IGrainWithStringKey
{
    Task<string> Read();
}

public interface IBareStateGrain : IGrainWithStringKey
{
    Task<bool> HasStateMadeWithoutConstructor();

    Task<long> Number();
}

public sealed record Page
{
    public string Text { get; init; } = "blank";
}

/// <summary>Has no parameterless constructor.</summary>
public sealed class Bound(string text)
{
    public string? Text { get; } = text;
}

[GrainType("ledger")]
public sealed class LedgerGrain(
    [PersistentState("page", "notebook")] IPersistentState<Page> page,
    Probe probe) : Grain, ILedgerGrain
{
    private static int s_instances;

    private readonly int _instance = Interlocked.Increment(ref s_instances);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Note($"activated with {page.State.Text}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note($"deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<string> Read() => Task.FromResult(page.State.Text);

    public async Task Write(string text)
    {
        page.State = new Page { Text = text };
        await page.WriteStateAsync();
    }

    public async Task WriteAndSwallow(string text)
    {
        try
        {
            await Write(text);
        }
        catch (OrleansException exception)
        {
            probe.Note($"swallowed {exception.GetType().Name} around {exception.InnerException?.GetType().Name}");
        }
    }

    public Task Change(string text)
    {
        page.State = new Page { Text = text };
        return Task.CompletedTask;
    }

    public Task Clear() => page.ClearStateAsync();

    public Task<(string? Etag, bool Exists)> Version() => Task.FromResult((page.Etag, page.RecordExists));

    public Task Refresh() => page.ReadStateAsync();

    public Task<int> Instance() => Task.FromResult(_instance);
}

[GrainType("numbered")]
public sealed class NumberedGrain([PersistentState("value", "notebook")] IPersistentState<int[]> value) : Grain, INumberedGrain
{
    public Task<string> Key() => Task.FromResult($"{this.GetGrainId()} is {this.GetPrimaryKeyLong()}");

    public async Task Write(int number)
    {
        value.State = [number];
        await value.WriteStateAsync();
    }
}

public sealed class HomelessGrain([PersistentState("page", "nowhere")] IPersistentState<Page> page) : Grain, IHomelessGrain
{
    public Task<string> Read() => Task.FromResult(page.State.Text);
}

public sealed class BareStateGrain(
    [PersistentState("bound", "notebook")] IPersistentState<Bound> bound,
    [PersistentState("number", "notebook")] IPersistentState<long> number) : Grain, IBareStateGrain
{
    public Task<bool> HasStateMadeWithoutConstructor() => Task.FromResult(bound.State is { Text: null });

    public Task<long> Number() => Task.FromResult(number.State);
}
