namespace Orleans;

/// <summary>What a grain class implements, by deriving from <see cref="Grain"/> or itself.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs after the state was read and before the first call. If it throws, the waiting calls fail and no activation remains.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last call, before the activation leaves memory. Never after a crash.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
