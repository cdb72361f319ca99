using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>Who a gateway is and how it works.</summary>
internal sealed record GatewayTerms(string Tenant, string GatewayId, string InstanceId, ContactChannel Channel)
{
    public int MaxDispatches { get; init; } = 200;

    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Leases count when confirmed rather than when leased.</summary>
    public bool Confirms { get; init; }

    public GatewayIdentity Identity => new() { GatewayId = GatewayId, InstanceId = InstanceId, SoftwareVersion = "scheduler-cli" };
}
