using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Asks every rule once more for the record of a decision. Allocates; a verdict alone never comes here.</summary>
internal static class Prover
{
    public static VerdictProof Prove(in PolicyQuestion question, PolicySnapshot policy)
    {
        var moment = new Moment(question, policy.PlaceOf(question.Debtor), Ticks.Of(question.At));
        var judged = new List<JudgedRule>(moment.Place.Selection.Rules.Length + 4);
        var tally = new Tally(policy.MarginOf(question.Channel), judged);
        PolicyEvaluator.Judge(question, moment, ref tally);
        var rules = ImmutableArray.CreateBuilder<RuleProof>(judged.Count);
        foreach (var one in judged)
        {
            if (IsBinding(one, question, moment)) rules.Add(Proof(one, question, moment));
        }

        return new VerdictProof(Bounded(rules), rules.Count, InputsDigest.Of(question, moment.Candidates));
    }

    /// <summary>A rule of the service itself is named where it stood in the way or has an end; a pack's where it bound the contact.</summary>
    private static bool IsBinding(JudgedRule judged, in PolicyQuestion question, in Moment moment)
    {
        if (judged.Bound is not { } bound) return !judged.Finding.IsOpenEnded;
        if (!judged.Finding.IsPermit) return true;
        return bound.IsJudged && bound.Rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)
            && (bound.AlwaysBinds || !RuleCheck.IsSilent(bound, question, moment, out _));
    }

    private static RuleProof Proof(JudgedRule judged, in PolicyQuestion question, in Moment moment) => new(judged.RuleId)
    {
        IsRefusal = !judged.Finding.IsPermit,
        Until = judged.Finding.At == Ticks.Never ? null : Ticks.ToInstant(judged.Finding.At),
        LiftedBy = judged.LiftedBy?.Id ?? "",
        Counter = judged.Bound is { Rule: Rule.Counter counter } bound ? Fullest(bound, counter, question, moment) : null,
    };

    private static CounterProof Fullest(BoundRule bound, Rule.Counter rule, in PolicyQuestion question, in Moment moment)
    {
        var (used, provisional, fullest) = (-1, 0, rule.Periods[0]);
        var perAccount = ContactCount.IsPerAccount(rule) && !question.Accounts.IsDefaultOrEmpty;
        for (var index = 0; index < (perAccount ? question.Accounts.Length : 1); index++)
        {
            var account = perAccount ? question.Accounts[index] : null;
            if (account is not null && question.Accounts.Length > 1 && !rule.When.Matches(question, account, moment.Last)) continue;
            foreach (var period in rule.Periods)
            {
                var (settled, unsettled) = ContactCount.Used(bound, rule, period, question, moment, account);
                if (settled + unsettled > used) (used, provisional, fullest) = (settled + unsettled, unsettled, period);
            }
        }

        return new CounterProof(Math.Max(used, 0), provisional, rule.Limit, fullest.ToString());
    }

    private static ImmutableArray<RuleProof> Bounded(ImmutableArray<RuleProof>.Builder rules) =>
        rules.Count <= VerdictProof.MostRules ? rules.ToImmutable() : [.. rules.OrderBy(Weight).Take(VerdictProof.MostRules)];

    private static int Weight(RuleProof rule)
    {
        if (rule.IsRefusal) return 0;
        if (rule.Counter is { Used: > 0 } || rule.LiftedBy.Length > 0) return 1;
        return rule.Until is not null || rule.Counter is not null ? 2 : 3;
    }
}
