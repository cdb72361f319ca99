using Scheduler.RulePacks.Showing;

namespace Scheduler.RulePacks.Tests.Showing;

/// <summary>What a changed pack permits more or less, rule by rule and case by case.</summary>
public sealed class PackDiffTests
{
    [Theory]
    [InlineData("allow: [principal]", "allow: [principal, spouse]", PermissionChange.Widens)]
    [InlineData("allow: [principal, spouse]", "allow: [principal]", PermissionChange.Narrows)]
    [InlineData("allow: [principal]", "allow: [spouse]", PermissionChange.CannotBeTold)]
    [InlineData("allow: [principal]", "allow: [principal], when: {collector: [creditor]}", PermissionChange.Widens)]
    public void A_changed_key_says_what_it_permits(string before, string after, PermissionChange effect) =>
        Assert.Equal(effect, Assert.Single(Diff(before, after).Changes).Effect);

    [Fact]
    public void Cases_that_the_two_answer_differently_are_listed()
    {
        var diff = Diff("allow: [principal]", "allow: [principal, spouse]");
        Assert.Equal("a spouse", Assert.Single(diff.Cases).Case.Name);
        Assert.Equal(2, diff.CasesCompared);
    }

    private static PackDiff Diff(string before, string after) => PackDiff.Of(Side(before), Side(after));

    private static PackDiff.Side Side(string allow)
    {
        var rule = $"      - {{id: XX.parties, type: party, {allow}, source: \"art. 1 [T]\"}}\n";
        return new("XX", [SmallPack.Of(SmallPack.Head + rule, SmallPack.PartyCases, SmallPack.PartySources)]);
    }
}
