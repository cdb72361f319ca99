using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Planning;

/// <summary>What pauses do to a plan: what is ready by the rules waits, due as it is, until nothing stops it.</summary>
internal static class Pausing
{
    /// <summary>The rule that a pause answers as.</summary>
    public const string Rule = "operations.pause";

    /// <summary>Makes outlooks wait that a pause stops; answers the most urgent of them.</summary>
    public static Outlook? Stop(Draft d, List<Outlook> outlooks, ref Outlook? callback)
    {
        if (d.Context.Pauses.IsEmpty) return null;
        Outlook? first = null;
        if (callback is { Kind: OutlookKind.Ready } && Of(d, callback) is { } stops) first = callback = Stopped(callback, stops);
        for (var index = 0; index < outlooks.Count; index++)
        {
            var outlook = outlooks[index];
            if (outlook.Kind != OutlookKind.Ready || Of(d, outlook) is not { } pause) continue;
            outlooks[index] = outlook = Stopped(outlook, pause);
            if (first is null || outlook.Step!.Priority < first.Step!.Priority) first = outlook;
        }

        return first;
    }

    /// <summary>The pause that stops what was leased.</summary>
    public static Pause? Of(Draft d, Lease lease) => d.Context.Pauses.Find(WorkOf(d, lease), d.Now);

    /// <summary>What was leased and not confirmed is withdrawn.</summary>
    public static bool Withdraws(Draft d, Lease lease) => d.Context.Pauses.Revokes(WorkOf(d, lease), d.Now);

    /// <summary>No, until the pause ends if that is known.</summary>
    public static Verdict Verdict(Pause pause) => pause.End is { } end ? Policy.Verdict.DeferUntil(end, Rule) : Policy.Verdict.Forbid(Rule);

    private static PausableWork WorkOf(Draft d, Lease lease) =>
        new(d.State.Key.Tenant, lease.Channel, PausableWork.StrategyOf(lease.StrategyVersion), lease.Template, lease.GatewayId, lease.SenderId);

    private static Pause? Of(Draft d, Outlook outlook) => d.Context.Pauses.Find(
        new PausableWork(d.State.Key.Tenant, outlook.Step!.Channel, PausableWork.StrategyOf(outlook.Plan?.StrategyVersion ?? ""), outlook.Step.Template), d.Now);

    private static Outlook Stopped(Outlook outlook, Pause pause) => outlook with { Kind = OutlookKind.Waits, RuleId = Rule, Pause = pause };
}
