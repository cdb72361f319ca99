using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Mutants of a window's hours: a border off by a minute, a weekday closed, a closed weekday opened.</summary>
internal static class WeekMutants
{
    private static readonly ImmutableArray<string> Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static string Word(IsoDayOfWeek day) => Days[(int)day - 1];

    public static void Of(YamlMappingNode rule, YamlMappingNode week, MutantList found)
    {
        foreach (var (key, value) in week.Children)
        {
            if (value is not YamlScalarNode { Value: { } text } scalar) continue;
            var spans = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var index = 0; index < spans.Length; index++)
            {
                if (WeekReader.Span(spans[index]) is not var (start, end)) continue;
                foreach (var (from, to) in new[] { (start - 1, end), (start + 1, end), (start, end - 1), (start, end + 1) })
                {
                    if (from < 0 || to > WeeklyHours.EndOfDay || from >= to) continue;
                    var changed = spans.ToArray();
                    changed[index] = $"{Clock(from)}-{Clock(to)}";
                    found.Become(scalar, $"week {key}", string.Join(", ", changed));
                }
            }
        }

        OfDays(rule, week, found);
    }

    private static void OfDays(YamlMappingNode rule, YamlMappingNode week, MutantList found)
    {
        var hours = new string?[7];
        foreach (var (key, value) in week.Children)
        {
            var days = WeekReader.DaysOf(key.ToString());
            for (var day = 0; day < 7; day++)
            {
                if ((days & (1 << day)) != 0) hours[day] = value.ToString();
            }

            foreach (var edge in Edges(days)) found.Add(key, $"closed on {Days[edge]}", Replaced(rule, hours, edge, null, week));
        }

        for (var day = 0; day < 7; day++)
        {
            var neighbour = hours[(day + 6) % 7] ?? hours[(day + 1) % 7] ?? hours.First(text => text is not null);
            if (hours[day] is null) found.Add(week, $"open on {Days[day]}", Replaced(rule, hours, day, neighbour, week));
        }
    }

    /// <summary>First and last weekday of a key.</summary>
    private static IEnumerable<int> Edges(byte days)
    {
        var set = Enumerable.Range(0, 7).Where(day => (days & (1 << day)) != 0).ToList();
        return set.Count == 0 ? [] : set.Count == 1 ? [set[0]] : [set[0], set[^1]];
    }

    /// <summary>The week written day by day, one day changed. The hours are read when the mutant is made, when all keys are known.</summary>
    private static Func<Action> Replaced(YamlMappingNode rule, string?[] hours, int changed, string? text, YamlMappingNode week) => () =>
    {
        var days = new YamlMappingNode();
        for (var day = 0; day < 7; day++)
        {
            if ((day == changed ? text : hours[day]) is { } spans) days.Add(Days[day], spans);
        }

        var key = rule.Children.First(pair => ReferenceEquals(pair.Value, week)).Key;
        return TreeEdit.With(rule, key, days)();
    };

    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
