using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>What must be true of every verdict under every shipped pack, over random debtors, histories and instants.</summary>
public sealed class ShippedPackPropertiesTests
{
    private const int SituationsOfPack = 25;

    public static TheoryData<string> PackIds => [.. PackSituation.PackIds];

    [Theory]
    [MemberData(nameof(PackIds))]
    public void Explaining_gives_the_same_verdict_as_evaluating(string packId) => Each(packId, static (situation, policy, _) =>
        situation.Explain(policy).Verdict == situation.Ask(policy)
        && situation.Explain(policy).Rules.All(rule => rule.Kind == VerdictKind.Permit) == situation.Ask(policy).IsPermit);

    [Theory]
    [MemberData(nameof(PackIds))]
    public void A_rule_of_a_pack_applies_in_the_explanation_where_the_record_says_that_it_bound(string packId) => Each(packId, static (situation, policy, _) =>
    {
        var (rules, proof) = (situation.Explain(policy).Rules, PolicyEvaluator.Prove(situation.Question, policy));
        var bound = proof.Rules.Select(static rule => rule.RuleId).ToHashSet(StringComparer.Ordinal);
        // Refusals of a medium are judged with the ledger, and the record says nothing of the packs' names for it.
        var unnamed = policy.Packs.SelectMany(static pack => pack.Rules).Where(static rule => rule is Rule.MediumOptOut).Select(static rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return rules.All(rule => rule.DoesNotApply == rule.Reason.StartsWith("Does not apply: ", StringComparison.Ordinal)
            && !(rule.DoesNotApply && bound.Contains(rule.RuleId))
            && (rule.DoesNotApply || bound.Contains(rule.RuleId) || rule.PackVersion.Length == 0 || rule.Reason != "Permits." || unnamed.Contains(rule.RuleId) || proof.RuleCount > VerdictProof.MostRules));
    });

    [Theory]
    [MemberData(nameof(PackIds))]
    public void The_record_names_a_refusal_where_the_verdict_is_one_and_only_there(string packId) => Each(packId, static (situation, policy, _) =>
    {
        var proof = PolicyEvaluator.Prove(situation.Question, policy);
        return proof.Rules.Any(rule => rule.IsRefusal) != situation.Ask(policy).IsPermit
            && proof.Rules.Where(rule => rule.Counter is not null).All(rule => (rule.Counter!.Used >= rule.Counter.Limit) == (rule.IsRefusal || rule.LiftedBy.Length > 0));
    });

    [Theory]
    [MemberData(nameof(PackIds))]
    public void No_instant_before_the_next_permitted_one_permits(string packId) => Each(packId, static (situation, policy, random) =>
    {
        var verdict = situation.Ask(policy);
        if (verdict.IsPermit) return true;
        // Where no instant is named there is none: the horizon is searched as well.
        var end = verdict.Kind == VerdictKind.Defer ? verdict.At : situation.At + PolicyEvaluator.Horizon;
        if (verdict.Kind == VerdictKind.Defer && !(situation with { At = end }).Ask(policy).IsPermit) return false;
        if ((situation with { At = end - Duration.FromTicks(1) }).Ask(policy).IsPermit) return false;
        return QuartersBetween(situation.At, end, random).All(at => !(situation with { At = at }).Ask(policy).IsPermit);
    });

    [Theory]
    [MemberData(nameof(PackIds))]
    public void A_permit_ends_with_the_tick_before_the_one_it_names(string packId) => Each(packId, static (situation, policy, random) =>
    {
        var verdict = situation.Ask(policy);
        if (!verdict.IsPermit) return true;
        if (QuartersBetween(situation.At, verdict.At, random).Any(at => !(situation with { At = at }).Ask(policy).IsPermit)) return false;
        if (!(situation with { At = verdict.At - Duration.FromTicks(1) }).Ask(policy).IsPermit) return false;
        return verdict.At == situation.At + PolicyEvaluator.Horizon || !(situation with { At = verdict.At }).Ask(policy).IsPermit;
    });

    [Theory]
    [MemberData(nameof(PackIds))]
    public void A_narrower_law_or_a_place_more_never_permits_more(string packId) => Each(packId, static (situation, policy, random) =>
    {
        var before = situation.Ask(policy);
        return IsNoMore(situation.Ask(Narrowed(policy, random)), before) && IsNoMore(Elsewhere(situation, random).Ask(policy), before);
    });

    /// <summary>A permit is still one and lasts no longer; a deferral is no shorter; what was forbidden stays so.</summary>
    private static bool IsNoMore(Verdict after, Verdict before) => before.Kind switch
    {
        VerdictKind.Permit => !after.IsPermit || after.At <= before.At,
        VerdictKind.Defer => after.Kind == VerdictKind.Forbid || (after.Kind == VerdictKind.Defer && after.At >= before.At),
        _ => after.Kind == VerdictKind.Forbid,
    };

    /// <summary>Each limit lowered, each window shorter, or the coming month closed.</summary>
    private static PolicySnapshot Narrowed(PolicySnapshot policy, Random random)
    {
        var way = random.Next(3);
        var minutes = random.Next(1, 600);
        return new PolicySnapshot(1, [.. policy.Packs.Select(pack => pack with { Rules = [.. pack.Rules.Select(Narrow)] })], policy.Zones, [], PackLibrary.DefaultMargins);

        Rule Narrow(Rule rule) => (rule, way) switch
        {
            (Rule.Counter { Limit: > 0 } counter, 0) => counter with { Limit = counter.Limit - 1 },
            (Rule.Window window, 1) => window with { Week = new WeekWindow([.. window.Week.Hours.Where(hours => hours.EndMinute - hours.StartMinute > minutes).Select(hours => hours with { EndMinute = hours.EndMinute - minutes })]) },
            (Rule.Window window, 2) => window with { ClosedOn = (window.ClosedOn ?? new HolidayCalendar("none", [])).With(Decreed) },
            _ => rule,
        };
    }

    private static readonly HolidayRule[] Decreed =
        [.. Enumerable.Range(0, 400).Where(day => day % 3 > 0).Select(day => new HolidayRule.Once(new LocalDate(2026, 1, 10).PlusDays(day)) { Name = "decreed" })];

    /// <summary>A second place, closer than a country: a bare country would stand for all of its zones until something closer is known.</summary>
    private static Situation Elsewhere(Situation situation, Random random)
    {
        LocationEvidence[] places = [new("US", "HI", "", "", "", LocationSource.Imported, null), new("CO", "", "", "", "America/Bogota", LocationSource.Imported, null), new("", "", "", "", "Asia/Tokyo", LocationSource.Imported, null)];
        var place = places[random.Next(places.Length)];
        if (situation.Debtor.Profile.Locations.Any(hint => hint.CountryCode == place.CountryCode)) return situation;
        return situation.With(debtor => debtor with { Profile = debtor.Profile with { Locations = debtor.Profile.Locations.Add(place) } });
    }

    /// <summary>Every quarter of an hour in between; over a long time a day's worth of them at random.</summary>
    private static IEnumerable<Instant> QuartersBetween(Instant start, Instant end, Random random)
    {
        var quarter = Duration.FromMinutes(15);
        var count = (int)((end - start).TotalMinutes / 15);
        for (var index = 0; index < Math.Min(count, 96); index++)
        {
            yield return start + (quarter * (count <= 96 ? index : random.Next(count)));
        }
    }

    private static void Each(string packId, Func<Situation, PolicySnapshot, Random, bool> holds)
    {
        var policy = PackSituation.PolicyWith(packId);
        for (var seed = 0; seed < SituationsOfPack; seed++)
        {
            var random = new Random(seed);
            var situation = PackSituation.Of(random, packId);
            Assert.True(holds(situation, policy, random), $"{packId}, seed {seed}: {situation.Channel} {situation.Purpose} at {situation.At}: {situation.Ask(policy)}");
        }
    }
}
