using Orleans.Turns;

namespace Orleans;

/// <summary>What a grain may do for itself whether or not it derives from <see cref="Grain"/>.</summary>
public static class GrainBaseExtensions
{
    /// <summary>A timer of this activation: it ends with it, and its callback is a turn.</summary>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(callback);
        return grain.GrainContext is ITurnContext context
            ? context.RegisterTimer(callback, state, options)
            : throw new ArgumentException("The grain was not created by this runtime.", nameof(grain));
    }

    /// <inheritdoc cref="RegisterGrainTimer{TState}"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return grain.RegisterGrainTimer(static (callback, token) => callback(token), callback, options);
    }
}
