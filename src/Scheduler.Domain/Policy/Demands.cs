using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>What a rule demands of the one who places a contact and cannot be judged here: handed out with the dispatch.</summary>
/// <param name="Of">Words of the pack: "identifiable", "utility", "language".</param>
public sealed record DispatchDemand(DemandKind Kind, ImmutableArray<string> Of, string RuleId);

/// <summary>Finds the demands of the rules that apply to a contact.</summary>
public static class Demands
{
    public static ImmutableArray<DispatchDemand> Of(in PolicyQuestion question, PolicySnapshot policy)
    {
        var moment = new Moment(question, policy.PlaceOf(question.Debtor), Ticks.Of(question.At));
        var demands = ImmutableArray<DispatchDemand>.Empty;
        foreach (var bound in moment.Place.Selection.Rules)
        {
            if (bound.Rule is not Rule.Demand demand || !demand.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) continue;
            if (bound.FirstDay > moment.LastDay || bound.LastDay < moment.FirstDay || (bound.IsConditional && !RuleCheck.Binds(bound, question, moment))) continue;
            demands = demands.Add(new DispatchDemand(demand.Kind, demand.Of, demand.Id));
        }

        return demands;
    }

    /// <summary>Of a lease as it stands; none where its point or accounts are gone, for then it is not placed.</summary>
    public static ImmutableArray<DispatchDemand> Of(DebtorState debtor, Lease lease, PolicySnapshot policy, Instant at)
    {
        if (debtor.Points.FirstOrDefault(point => point.Id == lease.Point) is not { } point) return [];
        var question = new PolicyQuestion
        {
            Debtor = debtor,
            Channel = lease.Channel,
            Point = point,
            Accounts = [.. debtor.Accounts.Where(account => lease.Accounts.Contains(account.Id))],
            At = at,
            Purpose = lease.Purpose,
            Mode = lease.Mode,
            Role = lease.Role,
            InReplyTo = "",
            ExceptContact = lease.Dispatch.Value,
        };
        return Of(question, policy);
    }
}
