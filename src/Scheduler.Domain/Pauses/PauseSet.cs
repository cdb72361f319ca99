using System.Collections.Frozen;
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
public sealed class PauseSet
{
    public static readonly PauseSet None = new([]);

    private readonly ImmutableArray<Pause> _ofAllTenants;
    private readonly FrozenDictionary<string, ImmutableArray<Pause>> _byTenant;

    public PauseSet(ImmutableArray<Pause> all)
    {
        All = all;
        _ofAllTenants = [.. all.Where(static pause => pause.Scope.Tenant.Length == 0)];
        _byTenant = all.Where(static pause => pause.Scope.Tenant.Length > 0).GroupBy(static pause => pause.Scope.Tenant, StringComparer.Ordinal)
            .ToFrozenDictionary(static tenant => tenant.Key, static tenant => tenant.ToImmutableArray(), StringComparer.Ordinal);
    }

    public ImmutableArray<Pause> All { get; }

    public bool IsEmpty => All.IsEmpty;

    /// <summary>The pause that stops this work the longest; null when nothing does.</summary>
    public Pause? Find(in PausableWork work, Instant at)
    {
        var longest = Longest(null, _ofAllTenants, work, at);
        return _byTenant.TryGetValue(work.Tenant, out var own) ? Longest(longest, own, work, at) : longest;
    }

    /// <summary>A pause withdraws leases of this work, whatever longer and gentler one covers it too.</summary>
    public bool Revokes(in PausableWork work, Instant at)
    {
        foreach (var pause in All)
        {
            if (pause.Revokes && pause.IsInForce(at) && pause.Scope.Covers(work)) return true;
        }

        return false;
    }

    /// <summary>The pause that closes a whole lane.</summary>
    public Pause? OfLane(string tenant, ContactChannel channel, Instant at) => IsEmpty ? null : Find(new PausableWork(tenant, channel), at);

    private static Pause? Longest(Pause? longest, ImmutableArray<Pause> pauses, in PausableWork work, Instant at)
    {
        foreach (var pause in pauses)
        {
            if (!pause.IsInForce(at) || !pause.Scope.Covers(work)) continue;
            if (longest is null || (longest.End is { } end && (pause.End is not { } other || other > end))) longest = pause;
        }

        return longest;
    }
}
