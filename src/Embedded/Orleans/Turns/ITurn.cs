namespace Orleans.Turns;

/// <summary>Something that an activation admits, one at a time unless it interleaves: a call, a timer's tick.</summary>
internal interface ITurn
{
    /// <summary>May start while another turn awaits.</summary>
    bool Interleaves { get; }

    /// <summary>Nobody waits for it any more; it need not start.</summary>
    bool IsAbandoned { get; }

    /// <summary>Somebody waits for its answer, so it fails when none comes in time.</summary>
    bool IsAwaited { get; }

    /// <summary>When it was sent, in ticks of the clock's timestamp.</summary>
    long SentAt { get; }

    /// <summary>Whether starting it counts as use, so that the activation is not collected for being idle.</summary>
    bool KeepsAlive { get; }

    /// <summary>Runs up to its first await. Called on the activation's scheduler; ends with <see cref="Activation.EndTurn"/>.</summary>
    void Start(Activation activation);

    /// <summary>The activation is gone before it could start: find the next one.</summary>
    void Redirect();

    /// <summary>It will never start, or its answer is too late.</summary>
    void Fail(Exception exception);
}
