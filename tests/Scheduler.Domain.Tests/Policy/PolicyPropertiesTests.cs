using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>What must be true of every verdict, over random debtors, histories and instants.</summary>
public sealed class PolicyPropertiesTests
{
    private static readonly ImmutableArray<PolicySnapshot> Policies =
    [
        Situation.Library.Compile(), Situation.Library.Compile(modes: new Dictionary<string, string> { ["CO"] = "CO.literal" }),
    ];

    private static readonly ImmutableArray<string> AddedRules =
    [
        """{id: ADD.cap, type: cap, limit: 2, period: {local_days: 3}, scope: [person], counts: {predicate: placed}, source: made up}""",
        """{id: ADD.hours, type: window, week: {mon-fri: "09:00-17:00"}, source: made up}""",
        """{id: ADD.forbid, type: forbid, governs: {channels: [sms]}, source: made up}""",
        """{id: ADD.day, type: closed_until, counts: {predicate: two_way}, scope: [channel], until: {hours: 30}, source: made up}""",
        """{id: ADD.gap, type: spacing, full_days_between: 2, counts: {predicate: delivered}, scope: [creditor], source: made up}""",
        """{id: ADD.consent, type: consent, per: [channel], source: made up}""",
    ];

    private static readonly ImmutableArray<PolicySnapshot> Narrowed = [.. AddedRules.Select(rule => With(Policies[0], rule))];

    private static readonly Config Runs = PinnedSeeds.Runs(20261117, 400);

    [Fact]
    public void Explaining_gives_the_same_verdict_as_evaluating() => Check(static (situation, policy, _) =>
        situation.Explain(policy).Verdict == situation.Ask(policy)
        && situation.Explain(policy).Rules.All(rule => rule.Kind == VerdictKind.Permit) == situation.Ask(policy).IsPermit);

    [Fact]
    public void The_next_permitted_instant_is_later_and_permits() => Check(static (situation, policy, _) =>
        situation.Ask(policy) is not { Kind: VerdictKind.Defer } verdict || (verdict.At > situation.At && (situation with { At = verdict.At }).Ask(policy).IsPermit));

    [Fact]
    public void Nothing_before_the_next_permitted_instant_permits() => Check(static (situation, policy, share) =>
        situation.Ask(policy) is not { Kind: VerdictKind.Defer } verdict
        || (!(situation with { At = Between(situation.At, verdict.At, share) }).Ask(policy).IsPermit && !(situation with { At = verdict.At - Duration.Epsilon }).Ask(policy).IsPermit));

    [Fact]
    public void A_permit_lasts_to_the_tick_that_it_names_and_no_longer() => Check(static (situation, policy, share) =>
    {
        var verdict = situation.Ask(policy);
        if (!verdict.IsPermit) return true;
        if (!(situation with { At = Between(situation.At, verdict.At, share) }).Ask(policy).IsPermit) return false;
        var isOpenEnded = verdict.At == situation.At + PolicyEvaluator.Horizon;
        return (situation with { At = verdict.At - Duration.Epsilon }).Ask(policy).IsPermit && (isOpenEnded || !(situation with { At = verdict.At }).Ask(policy).IsPermit);
    });

    [Fact]
    public void A_permit_overlaps_no_closed_hour_of_any_place() => Check(static (situation, policy, share) =>
    {
        var verdict = situation.Ask(policy);
        if (!verdict.IsPermit || situation.Purpose == ContactPurpose.Reply || situation.Debtor.Consents.Any(fact => fact.Kind == ConsentKind.HoursExtended)) return true;
        var at = Between(situation.At, verdict.At, share);
        return policy.CandidatesOf(situation.Debtor).All.All(candidate => IsLawful(at.InZone(candidate.Zone).LocalDateTime, candidate.Country));
    });

    [Fact]
    public void A_rule_more_never_permits_more() => Check(static (situation, _, share) =>
    {
        var before = situation.Ask(Policies[0]);
        var after = situation.Ask(Narrowed[Math.Abs(share) % Narrowed.Length]);
        if (after.IsPermit) return before.IsPermit && after.At <= before.At;
        return before.Kind != VerdictKind.Defer || after.Kind == VerdictKind.Forbid || after.At >= before.At;
    });

    [Fact]
    public void A_place_more_never_permits_more() => Check(static (situation, policy, _) =>
    {
        // A bare country stands for all of its zones until something closer is known.
        if (situation.Debtor.Profile.Locations.Any(hint => hint is { CountryCode: "US", RegionCode: "" })) return true;
        var there = situation.With(debtor => debtor with { Profile = debtor.Profile with { Locations = debtor.Profile.Locations.Add(new("US", "HI", "", "", "", LocationSource.Imported, null)) } });
        return !there.Ask(policy).IsPermit || situation.Ask(policy).IsPermit;
    });

    /// <summary>The law read by hand: only the hours, for the two countries of the test.</summary>
    private static bool IsLawful(LocalDateTime local, string country)
    {
        var hour = local.TimeOfDay;
        if (country == "US") return hour >= new LocalTime(8, 0) && hour < new LocalTime(21, 0);
        if (Situation.Library.Calendars["CO"].IsClosed(local.Date) || local.DayOfWeek == IsoDayOfWeek.Sunday) return false;
        return local.DayOfWeek == IsoDayOfWeek.Saturday ? hour >= new LocalTime(8, 0) && hour < new LocalTime(15, 0) : hour >= new LocalTime(7, 0) && hour < new LocalTime(19, 0);
    }

    private static void Check(Func<Situation, PolicySnapshot, int, bool> holds) =>
        FsCheck.Check.One(Runs, Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var random = new Random(seed);
            var policy = Policies[random.Next(Policies.Length)];
            return holds(RandomSituation.Of(random, policy), policy, random.Next());
        }));

    private static Instant Between(Instant start, Instant end, int share) => start + ((end - start) * ((Math.Abs((double)share) % 1000) / 1000));

    private static PolicySnapshot With(PolicySnapshot policy, string rule)
    {
        var added = Situation.PolicyOf($$"""
            schema: 2
            packs:
              - id: ADD
                applies: {}
                rules:
                  - {{rule}}
            """);
        return new PolicySnapshot(1, policy.Packs.AddRange(added.Packs), policy.Zones, [], RulePacks.PackLibrary.DefaultMargins);
    }
}
