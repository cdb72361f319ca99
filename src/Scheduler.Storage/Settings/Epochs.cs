namespace Scheduler.Storage;

/// <summary>The two counters that a lease must be current with.</summary>
/// <param name="Policy">Moves when packs, strategies or pauses change.</param>
/// <param name="Recovery">Moves when writes may have been lost.</param>
public readonly record struct Epochs(long Policy, long Recovery);

/// <summary>Which epoch to advance.</summary>
public enum EpochKind
{
    None = 0,
    Policy = 1,
    Recovery = 2,
}

/// <summary>The epochs. Once an advance is answered, no write that requires the old epoch commits any more.</summary>
public interface IEpochStore
{
    ValueTask<Epochs> ReadEpochsAsync(CancellationToken cancellationToken = default);

    /// <summary>Answers both epochs as they are after it.</summary>
    Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken = default);
}
