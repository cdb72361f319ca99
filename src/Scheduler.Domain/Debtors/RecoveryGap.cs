using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>A span in which writes were lost by a restore, and of which nobody knows what was placed.</summary>
/// <param name="Number">Rising; a debtor counts each once.</param>
/// <param name="Start">The last write that is known.</param>
/// <param name="End">When an operator declared it.</param>
public sealed record RecoveryGap(long Number, Instant Start, Instant End);
