using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Pauses;

/// <summary>A stop that somebody, or a fault, has put on a scope.</summary>
/// <param name="End">Excluded; null: until it is ended.</param>
/// <param name="Revokes">Unconfirmed leases in its scope are withdrawn.</param>
public sealed record Pause(string Id, PauseScope Scope, Instant Start, Instant? End, bool Revokes)
{
    public bool IsInForce(Instant at) => End is not { } end || at < end;
}

/// <summary>Every pause that a decision must know of. Immutable; taken once per turn.</summary>
public sealed class PauseSet(ImmutableArray<Pause> all)
{
    public static readonly PauseSet None = new([]);

    public ImmutableArray<Pause> All => all;

    public bool IsEmpty => all.IsEmpty;

    /// <summary>The pause that stops this work the longest; null when nothing does.</summary>
    public Pause? Find(in PausableWork work, Instant at)
    {
        Pause? longest = null;
        foreach (var pause in all)
        {
            if (!pause.IsInForce(at) || !pause.Scope.Covers(work)) continue;
            if (longest is null || (longest.End is { } end && (pause.End is not { } other || other > end))) longest = pause;
        }

        return longest;
    }

    /// <summary>The pause that closes a whole lane.</summary>
    public Pause? OfLane(string tenant, ContactChannel channel, Instant at) => IsEmpty ? null : Find(new PausableWork(tenant, channel), at);
}
