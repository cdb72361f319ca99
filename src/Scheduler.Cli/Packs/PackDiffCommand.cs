using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks.Showing;

namespace Scheduler.Cli.Packs;

/// <summary>`scheduler pack diff`: what two packs say differently, and which cases they answer differently.</summary>
internal static class PackDiffCommand
{
    public static Command Create(CommandSet set)
    {
        var before = new Argument<string>("A") { Description = "A pack's id, or a folder or pack.yaml" };
        var after = new Argument<string>("B") { Description = "What it is compared with" };
        var command = new Command("diff", "Two packs compared, rule by rule and case by case") { before, after };
        command.SetAction(parse =>
        {
            var (one, other) = (parse.GetRequiredValue(before), parse.GetRequiredValue(after));
            var first = PackRefs.Side(one, other);
            var second = PackRefs.Side(other, first.PackId);
            if (first.PackId != second.PackId) first = PackRefs.Side(one, second.PackId);
            var diff = PackDiff.Of(first, second);
            if (set.Settings(parse).Json) PackCommand.WriteJson(set.Environment.Output, Json(first.PackId, second.PackId, diff));
            else Write(set.Environment.Output, first.PackId, second.PackId, diff);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, string before, string after, PackDiff diff)
    {
        output.WriteLine($"{before} -> {after}: {diff.Changes.Length} {(diff.Changes.Length == 1 ? "change" : "changes")}, {diff.Cases.Length} of {diff.CasesCompared} cases answered differently");
        foreach (var change in diff.Changes) output.WriteLine($"  {Words(change.Effect),-14} {Told(change)}");
        foreach (var one in diff.Cases)
        {
            output.WriteLine();
            output.WriteLine($"  {one.Case.File}({one.Case.Line},1): {one.Case.Name}");
            output.WriteLine($"    {one.Before}");
            output.WriteLine($"    {one.After}");
        }
    }

    private static string Told(PackChange change) => change.Key.Length == 0
        ? change.Before.Length == 0 ? $"{change.RuleId}: added ({change.After})" : $"{change.RuleId}: dropped ({change.Before})"
        : $"{change.RuleId}: {change.Key}: {Or(change.Before)} -> {Or(change.After)}";

    private static string Or(string text) => text.Length == 0 ? "nothing" : text;

    private static string Words(PermissionChange effect) => effect switch
    {
        PermissionChange.Widens => "widens",
        PermissionChange.Narrows => "narrows",
        PermissionChange.Neither => "neither",
        _ => "cannot be told",
    };

    private static object Json(string before, string after, PackDiff diff) => new
    {
        before,
        after,
        changes = diff.Changes.Select(change => new { change.RuleId, change.Key, change.Before, change.After, effect = Words(change.Effect) }),
        cases_compared = diff.CasesCompared,
        cases = diff.Cases.Select(one => new { file = one.Case.File, line = one.Case.Line, name = one.Case.Name, one.Before, one.After }),
    };
}
