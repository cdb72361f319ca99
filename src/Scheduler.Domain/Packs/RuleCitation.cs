namespace Scheduler.Domain.Packs;

/// <summary>A rule of a pack and where it comes from.</summary>
public sealed record RuleCitation(string RuleId, string PackVersion, RuleSource Kind, string Source);
