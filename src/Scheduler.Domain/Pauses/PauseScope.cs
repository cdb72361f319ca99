using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Pauses;

/// <summary>What a pause reaches: work that matches every field that is set. Nothing set: everything.</summary>
public sealed record PauseScope
{
    public string Tenant { get; init; } = "";

    public ContactChannel Channel { get; init; }

    public string StrategyId { get; init; } = "";

    /// <summary>Template as steps name it; a tenant's own.</summary>
    public string Template { get; init; } = "";

    public string GatewayId { get; init; } = "";

    public string SenderId { get; init; } = "";

    /// <summary>A whole lane of the due index is inside or outside: nothing else needs to be known of its debtors.</summary>
    public bool IsOfLanes => StrategyId.Length == 0 && Template.Length == 0 && GatewayId.Length == 0 && SenderId.Length == 0;

    public bool Covers(in PausableWork work) =>
        (Tenant.Length == 0 || Tenant == work.Tenant)
        && (Channel == ContactChannel.Unknown || Channel == work.Channel)
        && (StrategyId.Length == 0 || StrategyId == work.StrategyId)
        && (Template.Length == 0 || Template == work.Template)
        && (GatewayId.Length == 0 || GatewayId == work.GatewayId)
        && (SenderId.Length == 0 || SenderId == work.SenderId);
}

/// <summary>What somebody is about to do. Empty: not known yet, or nobody's.</summary>
public readonly record struct PausableWork(
    string Tenant, ContactChannel Channel, string StrategyId = "", string Template = "", string GatewayId = "", string SenderId = "")
{
    /// <summary>Part of a strategy's version before its number.</summary>
    public static string StrategyOf(string version) => version.LastIndexOf('@') is > 0 and var at ? version[..at] : version;
}
