namespace Orleans.Turns;

/// <summary>What the surface asks of an activation beyond <see cref="IGrainContext"/>.</summary>
internal interface ITurnContext : IGrainContext
{
    IGrainFactory GrainFactory { get; }

    IGrainBase? Instance { get; }

    void DeactivateOnIdle();

    void DelayDeactivation(TimeSpan timeSpan);

    IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
}
