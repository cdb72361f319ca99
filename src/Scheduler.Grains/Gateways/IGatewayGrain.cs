using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Scheduler.Grains.Gateways;

/// <summary>News for one gateway: leases withdrawn. Memory only; what is missed is found again by asking the debtors.</summary>
[Alias("scheduler.gateway")]
public interface IGatewayGrain : IGrainWithStringKey
{
    [OneWay]
    Task Publish(RevocationNotice revocation);

    /// <summary>
    /// News after <paramref name="after"/>; waits at most <paramref name="wait"/> for some. A watch begins with 0, which answers the present
    /// position at once; then it asks for everything withdrawn (<see cref="Pulls.IDispatchPull.ListRevocationsAsync"/>), then for news.
    /// </summary>
    [AlwaysInterleave]
    Task<RevocationNews> Take(long after, TimeSpan wait);
}

/// <summary>A lease that was withdrawn.</summary>
/// <param name="Reason">CONSENT_WITHDRAWN, HOLD, PAID, CEASE, RULE_CHANGED, PAUSED, ERASED.</param>
[GenerateSerializer, Immutable, Alias("scheduler.revocation-notice")]
public sealed record RevocationNotice(string Tenant, string Debtor, string DispatchId, string InstanceId, string Reason, DateTimeOffset RevokedAt);

/// <summary>Revocations since a position.</summary>
/// <param name="Position">To be given to the next call.</param>
/// <param name="IsComplete">False when news between the two positions was lost: ask the debtors.</param>
[GenerateSerializer, Immutable, Alias("scheduler.revocation-news")]
public sealed record RevocationNews(long Position, bool IsComplete, ImmutableArray<RevocationNotice> Revocations);
