using Scheduler.RulePacks.Linting;
using Scheduler.RulePacks.Mutating;

namespace Scheduler.RulePacks.Tests;

/// <summary>Every pack that ships has nothing for lint to find, and cases that notice every change to it.</summary>
public sealed class ShippedPackQualityTests
{
    public static TheoryData<string> Folders() => new(PackFolder.Shipped().Select(folder => folder.Code));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Lint_finds_nothing_in_a_shipped_pack(string code)
    {
        var folders = PackFolder.Shipped();
        var findings = PackLint.Run(folders.Single(folder => folder.Code == code), folders).Where(finding => finding.IsError).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_mutant_of_a_shipped_pack_is_killed_by_its_cases(string code)
    {
        var folders = PackFolder.Shipped();
        var report = PackMutation.Run(folders.Single(folder => folder.Code == code), folders);
        Assert.True(report.IsGood, $"{report.Survivors.Length} of {report.Total} survived:\n{string.Join('\n', report.Survivors)}\nstale: {string.Join("; ", report.Stale)}");
    }
}
