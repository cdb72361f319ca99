using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.RulePacks.Reading;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Strategies;

/// <summary>Reads a strategy from its file; finds every problem, each with line and column.</summary>
public static class StrategyReader
{
    public const int Schema = 1;

    /// <summary>Most steps of one strategy.</summary>
    public const int MaxSteps = 64;

    private const int MaxDay = 3_650;
    private const int MaxLapse = 365;
    private const int LowestPriority = 9;

    /// <summary>Null, with problems, when anything is wrong.</summary>
    public static Strategy? Read(PackText file, out ImmutableArray<PackProblem> problems)
    {
        var found = new List<PackProblem>();
        var findings = new Findings(file.File, found);
        var strategy = Parse(file, findings) is { } root ? Read(new MapReader(root, findings)) : null;
        problems = [.. found];
        return problems.IsEmpty ? strategy : null;
    }

    private static YamlNode? Parse(PackText file, Findings findings)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(file.Text));
            if (stream.Documents is [{ } document]) return document.RootNode;
            findings.Add(new Mark(0, 1, 1), "One document is expected.");
        }
        catch (YamlException problem)
        {
            findings.Add(problem.Start, problem.Message);
        }

        return null;
    }

    private static Strategy Read(MapReader map)
    {
        if (map.Number("schema") != Schema) map.Problem("schema", $"'schema' must be {Schema}.");
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var node in map.List("steps")) steps.Add(ReadStep(node, map.Findings, steps));
        if (steps.Count is 0 or > MaxSteps) map.Problem("steps", $"'steps' must be 1 to {MaxSteps}.");
        var strategy = new Strategy
        {
            Id = map.RequiredText("id"),
            Version = map.Number("version", 1, int.MaxValue),
            DefaultFor = map.Texts("default_for"),
            Steps = steps.ToImmutable(),
        };
        foreach (var country in strategy.DefaultFor)
        {
            if (country != "*" && !(country.Length == 2 && country.All(char.IsAsciiLetterUpper))) map.Problem("default_for", $"'{country}' is neither a country of two capitals nor '*'.");
        }

        map.Finish();
        return strategy;
    }

    private static Step ReadStep(YamlNode node, Findings findings, ImmutableArray<Step>.Builder before)
    {
        var map = new MapReader(node, findings);
        var step = new Step
        {
            Id = map.RequiredText("id"),
            Day = map.Number("day", 0, MaxDay),
            Channel = Word(map, "channel", ContactChannel.Unknown),
            Condition = Word(map, "condition", StepCondition.Always),
            LapseAfterDays = map.Node("lapse_after_days") is null ? 2 : map.Number("lapse_after_days", 1, MaxLapse),
            WhileClosed = Word(map, "while_closed", WhileClosed.Wait),
            Purpose = Word(map, "purpose", ContactPurpose.Collection),
            Mode = Word(map, "mode", PlacementMode.Automated),
            Template = map.Text("template"),
            Notices = map.Texts("notices"),
            Promotes = map.Flag("promotes") ?? false,
            Priority = map.Node("priority") is null ? 5 : map.Number("priority", 0, LowestPriority),
        };
        if (step.Channel == ContactChannel.Unknown && map.Node("channel") is null) findings.Add(node, "'channel' is missing.");
        if (before.Any(other => other.Id == step.Id)) map.Problem("id", $"A step '{step.Id}' is already there.");
        if (before.Count > 0 && before[^1].Day >= step.Day) map.Problem("day", $"Days must rise: {step.Day} comes after {before[^1].Day}.");
        map.Finish();
        return step;
    }

    private static T Word<T>(MapReader map, string key, T otherwise)
        where T : struct, Enum
    {
        if (map.Node(key) is null) return otherwise;
        var word = map.Text(key);
        if (Words.TryParse<T>(word, out var value) && Convert.ToInt32(value, null) != (int)Unset<T>()) return value;
        map.Problem(key, $"'{word}' is not one of {string.Join(", ", Enum.GetNames<T>().Where(static name => name != "Unknown").Select(Words.SnakeCase))}.");
        return otherwise;
    }

    /// <summary>Zero means "not known" in the words of the field, and a word of its own in those of strategies.</summary>
    private static long Unset<T>()
        where T : struct, Enum => Enum.GetName(typeof(T), (byte)0) == "Unknown" ? 0 : -1;
}
