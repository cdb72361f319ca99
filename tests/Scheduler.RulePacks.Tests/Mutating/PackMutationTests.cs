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

    private static Mutant Plain(Mutant mutant) => new(mutant.File, mutant.Line, mutant.Column, mutant.RuleId, mutant.Change);

    private static MutationReport Run(string rules, string cases)
    {
        var folder = SmallPack.Of(SmallPack.Head + rules, cases, "");
        return PackMutation.Run(folder, [folder]);
    }
}
