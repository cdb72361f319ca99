namespace Scheduler.Storage;

/// <summary>The events of one decision, as one row of the log.</summary>
/// <param name="Payload">Serialized batch of events.</param>
/// <param name="Chain">32 bytes: hash over the previous chain and the payload, computed by the caller.</param>
/// <param name="RecordedAt">Unix milliseconds.</param>
public sealed record DebtorEvent(ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Chain, long RecordedAt);
