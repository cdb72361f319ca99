using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Pacing;

/// <summary>What a limit binds: dispatches that match every field that is set, counted together.</summary>
public sealed record PacingScope(string Tenant, ContactChannel Channel, string SenderId, string LimitGroup)
{
    public bool IsTenantAlone => Tenant.Length > 0 && Channel == ContactChannel.Unknown && !IsOfSenders;

    public bool IsOfSenders => SenderId.Length > 0 || LimitGroup.Length > 0;

    /// <summary>Where the gateway chooses the sender it may be any: limits of all senders and groups of that tenant and channel bind.</summary>
    public bool Covers(string tenant, ContactChannel channel, SenderRoom sender) =>
        (Tenant.Length == 0 || Tenant == tenant)
        && (Channel == ContactChannel.Unknown || Channel == channel)
        && (sender.IsUnnamed || SenderId.Length == 0 || SenderId == sender.SenderId)
        && (sender.IsUnnamed || LimitGroup.Length == 0 || LimitGroup == sender.LimitGroup);
}

/// <summary>One scope's limits. Null and 0: no limit of that kind.</summary>
/// <param name="Burst">Dispatches that may go at once; 0: what a second allows.</param>
/// <param name="MaxNewRecipients">Per moving 24 hours.</param>
/// <param name="Weight">Candidates that a tenant gives in one turn; 0: one.</param>
public sealed record PacingLimit(string Id, PacingScope Scope, double? PerSecond, int Burst, int MaxLive, int MaxNewRecipients, int Weight)
{
    public bool IsNone => !IsLimiting && Weight == 0;

    /// <summary>It limits, rather than only weighing.</summary>
    public bool IsLimiting => PerSecond is not null || MaxLive > 0 || MaxNewRecipients > 0;
}

/// <summary>A limit as it was set.</summary>
public sealed record RecordedPacing(PacingLimit Limit, long Row, string Actor, string Reason, Instant ChangedAt);

/// <summary>Every limit that this process knows; swapped whole.</summary>
public sealed record PacingSet(ImmutableArray<RecordedPacing> All)
{
    public static readonly PacingSet None = new([]);

    public ImmutableArray<PacingLimit> Limits { get; } = [.. All.Select(static one => one.Limit).Where(static limit => limit.IsLimiting)];

    public IReadOnlyDictionary<string, int> Weights { get; } = All.Where(static one => one.Limit.Weight > 0 && one.Limit.Scope.IsTenantAlone)
        .ToDictionary(static one => one.Limit.Scope.Tenant, static one => one.Limit.Weight, StringComparer.Ordinal);

    /// <summary>Somebody wants to know how leases go on.</summary>
    public bool CountsLeases { get; } = All.Any(static one => one.Limit.MaxLive > 0);

    public bool CountsRecipients { get; } = All.Any(static one => one.Limit.MaxNewRecipients > 0);
}
