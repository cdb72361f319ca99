using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Scheduler.Services.Access;

/// <summary>What a caller may do.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Upstream systems: entries, closures, history, signals.</summary>
    Ingest = 1,

    /// <summary>Channel gateways: pulls, outcomes, receipts.</summary>
    Gateway = 2,

    /// <summary>Compliance officers: explanations, timelines, holds.</summary>
    Compliance = 4,

    /// <summary>Operators: statistics, the event feed.</summary>
    Operator = 8,

    All = Ingest | Gateway | Compliance | Operator,
}

/// <summary>Who calls, in which roles, for which tenants.</summary>
/// <remarks>Threading: immutable.</remarks>
public sealed class Credential(string actor, Roles roles, IEnumerable<string>? tenants, bool isDevelopment = false)
{
    private readonly FrozenSet<string>? _tenants = tenants?.ToFrozenSet(StringComparer.Ordinal);

    public string Actor { get; } = actor;

    public Roles Roles { get; } = roles;

    public bool IsDevelopment { get; } = isDevelopment;

    /// <summary>Has no other role: it places contacts, and what else is known of a person is not for it.</summary>
    public bool IsGatewayAlone => Roles == Roles.Gateway;

    /// <summary>Whether it may know what is counted over all tenants together.</summary>
    public bool CoversAll => _tenants is null;

    public bool Covers(string tenant) => _tenants is null || _tenants.Contains(tenant);

    /// <summary>A gateway speaks for itself alone; the development credential for any.</summary>
    public bool SpeaksFor(string gatewayId) => IsDevelopment || gatewayId == Actor;

    /// <summary>Those asked for; none asked: all it covers, empty meaning every tenant there is.</summary>
    public ImmutableArray<string> TenantsFor(IReadOnlyCollection<string> asked) =>
        asked.Count > 0 ? [.. asked] : _tenants is null ? [] : [.. _tenants];
}
