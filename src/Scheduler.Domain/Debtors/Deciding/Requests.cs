using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>Requests that are applied once: keys and bodies of the last of them, for a bounded time.</summary>
internal static class Requests
{
    /// <summary>Recorded: not seen before. Duplicate: seen with this body. Rejected: seen with another.</summary>
    public static ApplyState Seen(DebtorState state, ulong key, uint body)
    {
        foreach (var applied in state.Applied)
        {
            if (applied.Key == key) return applied.Body == body ? ApplyState.Duplicate : ApplyState.Rejected;
        }

        return ApplyState.Recorded;
    }

    public static void Remember(this Draft d, ulong key, uint body)
    {
        var horizon = d.Now - DebtorLimits.AppliedFor;
        var kept = d.State.Applied.RemoveAll(applied => applied.At < horizon);
        if (kept.Length >= DebtorLimits.Applied) kept = kept.RemoveAt(0);
        d.State = d.State with { Applied = kept.Add(new AppliedRequest(key, body, d.Now)) };
    }

    public static readonly Refusal Reused = new(RefusalReasons.KeyReused, "", "This id was used with another body.");

    /// <summary>Null: the fact may have happened by now.</summary>
    public static Refusal? TooFarAhead(Instant occurredAt, Instant now, string field) =>
        occurredAt > now + DebtorLimits.FactAhead ? new(RefusalReasons.TooFarAhead, field, "More than five minutes ahead of our clock.") : null;
}
