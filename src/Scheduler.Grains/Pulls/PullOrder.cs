using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Pacing;

namespace Scheduler.Grains.Pulls;

/// <summary>A gateway's pull, validated and brought into the allowed ranges.</summary>
/// <param name="Tenants">Tenants that the credential covers and the request names; none: every tenant.</param>
/// <param name="Deadline">The call's deadline; nothing is leased that could not be answered before it.</param>
public sealed record PullOrder(
    string GatewayId,
    string InstanceId,
    string PullId,
    ImmutableArray<string> Tenants,
    ImmutableArray<ContactChannel> Channels,
    int MaxDispatches,
    TimeSpan LeaseDuration,
    TimeSpan Wait,
    bool ConfirmBeforePlacing,
    DateTimeOffset Deadline)
{
    /// <summary>What the gateway's senders can take; none: it names none.</summary>
    public ImmutableArray<SenderRoom> Senders { get; init; } = [];

    private static readonly TimeSpan LongestReplayTime = TimeSpan.FromMinutes(2);

    /// <summary>How long a lost answer can be asked for again: half of the lease at most, so that what nobody asks for is given back before it lapses.</summary>
    public TimeSpan ReplayTime => LeaseDuration / 2 < LongestReplayTime ? LeaseDuration / 2 : LongestReplayTime;
}

/// <summary>What a pull got.</summary>
/// <param name="Dispatches">Serialized <c>scheduler.v1.Dispatch</c>, most urgent first.</param>
/// <param name="IsQuiet">The service drains: pull no more here.</param>
/// <param name="IsReplay">The pull had been made before: its live leases were answered again.</param>
public sealed record PulledBatch(ImmutableArray<ReadOnlyMemory<byte>> Dispatches, bool IsQuiet, bool IsReplay)
{
    /// <summary>What it did not get, and why. A replay says nothing of it.</summary>
    public ImmutableArray<Withheld> Withheld { get; init; } = [];
}

/// <summary>A page of the leases that a gateway holds.</summary>
/// <param name="NextPage">Empty at the end.</param>
public sealed record LeasePage(ImmutableArray<ReadOnlyMemory<byte>> Dispatches, string NextPage);

