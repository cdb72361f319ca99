using Microsoft.Extensions.Logging;
using Orleans.Turns;

namespace Orleans.References;

/// <summary>Base of the generated references: makes a call into a turn of the right activation.</summary>
internal class GrainReference(GrainBinding binding, string key) : IAddressable
{
    // The activation of the last call; a closed one refuses turns, so a stale value costs only a look-up.
    private Activation? _activation;

    public GrainId GrainId => GrainId.Create(binding.Class.GrainType, key);

    public override string ToString() => $"GrainReference:{GrainId}";

    /// <summary>Hands the turn to the activation of this grain, making one if there is none.</summary>
    public void Deliver(ITurn turn)
    {
        var activation = Volatile.Read(ref _activation);
        if (activation is not null && activation.TryEnqueue(turn)) return;
        Volatile.Write(ref _activation, binding.Silo.Activations.Deliver(binding.Class, GrainId, turn));
    }

    public string Describe(GrainMethod method) => $"{binding.InterfaceName}.{method.Name} of {GrainId}";

    public void LogOneWayFailure(GrainMethod method, Exception exception) =>
        binding.Silo.Logger.LogWarning(exception, "One-way call {Call} failed.", Describe(method));

    internal void Send<TResult>(Invocation<TResult> call, GrainMethod method)
    {
        var silo = binding.Silo;
        call.Prepare(this, method, silo.Time.GetTimestamp());
        if (silo.Refuses(TaskScheduler.Current)) call.Fail(new SiloUnavailableException("The silo is not running: it takes no calls."));
        else Deliver(call);
    }

    protected Task<TResult> Call<TResult>(Invocation<TResult> call, int method)
    {
        Send(call, binding.Methods[method]);
        return call.Task;
    }

    protected Task CallWithoutResult(Invocation<Unit> call, int method)
    {
        Send(call, binding.Methods[method]);
        return call.Task;
    }

    protected ValueTask<TResult> CallValue<TResult>(Invocation<TResult> call, int method)
    {
        Send(call, binding.Methods[method]);
        return new ValueTask<TResult>(call.Task);
    }

    protected ValueTask CallValueWithoutResult(Invocation<Unit> call, int method)
    {
        Send(call, binding.Methods[method]);
        return new ValueTask(call.Task);
    }

    protected Task Hint(Invocation<Unit> call, int method)
    {
        Send(call, binding.Methods[method]);
        return Task.CompletedTask;
    }

    protected ValueTask HintValue(Invocation<Unit> call, int method)
    {
        Send(call, binding.Methods[method]);
        return ValueTask.CompletedTask;
    }

    protected void HintNothing(Invocation<Unit> call, int method) => Send(call, binding.Methods[method]);
}
