using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Linting;

/// <summary>One row as one rule of one pack saw it: it governs the contact, binds, and answered.</summary>
internal sealed record Sighting(ReadyCase Case, RulePack Pack, Rule Rule, RuleAnswer Answer)
{
    public Instant At => Case.Situation.At;

    public bool IsPermit => Answer.Kind == VerdictKind.Permit;

    public ReadOnlySpan<DateTimeZone> Zones => Case.Situation.Candidates.Zones;

    /// <summary>What the same rule answers of the same situation at another time.</summary>
    public RuleAnswer? AnswerAt(Instant at) => Find(Case.Explain(at), Pack, Rule);

    /// <summary>Rows that a rule binds, those that an exception lifted left out.</summary>
    public static ImmutableArray<Sighting> Of(Rule rule, RulePack pack, IEnumerable<ReadyCase> cases)
    {
        var seen = ImmutableArray.CreateBuilder<Sighting>();
        foreach (var one in cases)
        {
            if (Find(one.Explained, pack, rule) is { LiftedBy.Length: 0 } answer && Binds(rule, one)) seen.Add(new Sighting(one, pack, rule, answer));
        }

        return seen.ToImmutable();
    }

    private static RuleAnswer? Find(Explanation explanation, RulePack pack, Rule rule) =>
        explanation.Rules.FirstOrDefault(answer => answer.RuleId == rule.Id && answer.PackVersion == pack.Version);

    private static bool Binds(Rule rule, ReadyCase one)
    {
        var question = one.Situation.Question();
        if (!rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place)) return false;
        var (first, last) = one.Situation.Candidates.LocalDates(question.At);
        if (rule.ValidFrom > last || rule.ValidTo < first) return false;
        if (!rule.When.AsksAccount || question.Accounts.IsEmpty) return rule.When.Matches(question, null, last);
        foreach (var account in question.Accounts)
        {
            if (rule.When.Matches(question, account, last)) return true;
        }

        return false;
    }
}
