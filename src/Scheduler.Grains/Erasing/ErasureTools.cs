using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Erasing;

/// <summary>What a debtor's grain needs to erase: how long evidence is kept, and by which basis.</summary>
public sealed record ErasureTools(RetentionTerms Retention);
