using Scheduler.RulePacks.Mutating;

namespace Scheduler.RulePacks.Tests.Mutating;

/// <summary>Mutants are made of what a pack says, are killed by cases that look, and survive cases that do not.</summary>
public sealed class PackMutationTests
{
    private const string Cap = "      - {id: XX.cap, type: cap, limit: 2, period: {local_days: 1}, scope: [person], counts: {predicate: placed}, source: \"art. 2 [T]\"}\n";

    [Fact]
    public void A_survivor_is_named_with_its_place_and_its_change()
    {
        var report = Run(SmallPack.Parties, SmallPack.PartyCases);
        Assert.Contains(new("XX/pack.yaml", 6, 46, "XX.parties", "'allow' with guarantor"), report.Survivors.Select(Plain));
        Assert.DoesNotContain(report.Survivors, mutant => mutant.Change is "without the rule" or "'allow' with spouse");
    }

    [Theory]
    [InlineData(1, "permit", "'limit' 2 became 1")]
    [InlineData(2, "defer", "'limit' 2 became 3")]
    public void A_case_at_the_limit_kills_the_figure_beside_it(int contacts, string expected, string change)
    {
        var row = $"| {contacts} | - | call | Wed 2026-11-18 20:00 | PE | {contacts}x call unanswered Wed 2026-11-18 10:00 hourly | {expected} | {(expected == "permit" ? "-" : "XX.cap")} | art. 2 |\n";
        Assert.Contains(Run(Cap, "").Survivors, mutant => mutant.Change == change);
        Assert.DoesNotContain(Run(Cap, row).Survivors, mutant => mutant.Change == change);
    }

    [Fact]
    public void A_change_that_the_schema_refuses_is_no_mutant() =>
        Assert.DoesNotContain(Run(Cap, "").Survivors, mutant => mutant.Change == "'local_days' 1 became 0");

    [Fact]
    public void A_row_that_does_not_hold_kills_nothing()
    {
        var wrong = "| wrong | - | call | Wed 2026-11-18 20:00 | PE | - | forbid | XX.cap | art. 2 |\n";
        Assert.Equal(0, Run(Cap, wrong).Killed);
    }

    [Fact]
    public void Each_weekday_that_moves_a_holiday_is_asked_for_but_not_days_that_are_closed_anyway()
    {
        var survivors = Survivors("""
            schema: 2
            calendars:
              XX: {days: [{name: Labour, fixed: "05-01", move: {sat: 2, sun: 1}, keep: true}, {name: Spring, nth_weekday: "-1 mon 5"}, {name: Kings, next_monday: "01-06"}]}
            packs:
              - id: XX
                applies: {country: PE}
                rules:
                  - {id: XX.hours, type: window, week: {mon-fri: "08:00-18:00"}, closed_on: XX, source: "art. 1 [T]"}

            """);
        Assert.Superset(
            (HashSet<string>)["Labour stays on sat", "Labour stays on sun", "'Labour move sat' 2 became 3", "'Labour move sun' 1 became 2", "'Spring nth_weekday' -1 mon 5 became 4 mon 5",
                "'Spring nth_weekday' -1 mon 5 became -1 tue 5", "Kings is not moved", "'Kings next_monday' 01-06 became 01-05", "'Kings next_monday' 01-06 became 01-07"],
            survivors);
        Assert.DoesNotContain("Labour without 'keep'", survivors);
        Assert.DoesNotContain("'Labour move sun' 1 became 0", survivors);
    }

    [Fact]
    public void Names_that_a_pack_uses_are_changed_for_all_of_its_rules_and_others_are_not()
    {
        var survivors = Survivors(SmallPack.Head + """
                  - {id: XX.cap, type: cap, limit: 2, period: {local_days: 1}, scope: [person], counts: {channels: voice, predicate: delivered}, source: "art. 2 [T]"}

            """);
        Assert.Superset((HashSet<string>)["'voice' without ivr", "'any' without {delivered: …}", "'any' without {message_left: …}", "without 'outbound'"], survivors);
        Assert.DoesNotContain("'any' without {two_way: …}", survivors);
        Assert.DoesNotContain("'text' without rcs", survivors);
    }

    private static HashSet<string> Survivors(string pack)
    {
        var folder = SmallPack.Of(pack, "", "");
        return [.. PackMutation.Run(folder, [folder]).Survivors.Select(static mutant => mutant.Change)];
    }

    private static Mutant Plain(Mutant mutant) => new(mutant.File, mutant.Line, mutant.Column, mutant.RuleId, mutant.Change);

    private static MutationReport Run(string rules, string cases)
    {
        var folder = SmallPack.Of(SmallPack.Head + rules, cases, "");
        return PackMutation.Run(folder, [folder]);
    }
}
