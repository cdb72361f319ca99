using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>
/// Mutants of a holiday: left out, its term unbound, and every figure of where it moves. A plain date is not changed by a day: whoever
/// notices that the holiday is missing notices that it is elsewhere.
/// </summary>
internal static class HolidayMutants
{
    public static void Of(YamlMappingNode day, YamlSequenceNode owner, MutantList found)
    {
        var name = RuleMutants.Text(day, "name");
        found.Add(day, $"without the holiday {name}", TreeEdit.Without(owner, owner.Children.IndexOf(day)), isRemoval: true);
        foreach (var (key, value) in day.Children.ToList())
        {
            switch (key.ToString())
            {
                case "valid_from" or "valid_to": found.Add(key, $"{name} without '{key}'", TreeEdit.Without(day, key)); break;
                case "keep": found.Add(key, $"{name} without '{key}'", TreeEdit.Without(day, key)); break;
                case "move" when value is YamlMappingNode moves: OfMoves(name, day, key, moves, found); break;
                case "only_on" when value is YamlSequenceNode days: OfOnly(name, day, key, days, found); break;
                case "every" when value is YamlMappingNode every: FilterMutants.OfKeys(every, found); break;
                case "next_monday" when value is YamlScalarNode date: OfMonday(name, day, key, date, found); break;
                case "nth_weekday" when value is YamlScalarNode nth: OfNth(name, nth, found); break;
                default: break;
            }
        }
    }

    /// <summary>A move by no day is the move left out.</summary>
    private static void OfMoves(string name, YamlMappingNode day, YamlNode key, YamlMappingNode moves, MutantList found)
    {
        foreach (var (weekday, value) in moves.Children.ToList())
        {
            found.Add(weekday, $"{name} stays on {weekday}", moves.Children.Count > 1 ? TreeEdit.Without(moves, weekday) : TreeEdit.Without(day, key));
            if (value is not YamlScalarNode scalar || !int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)) continue;
            foreach (var changed in new[] { days - 1, days + 1 })
            {
                if (changed != 0) found.Become(scalar, $"{name} move {weekday}", changed.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static void OfOnly(string name, YamlMappingNode day, YamlNode key, YamlSequenceNode days, MutantList found)
    {
        found.Add(key, $"{name} on every weekday", TreeEdit.Without(day, key));
        for (var index = 0; index < days.Children.Count; index++)
        {
            if (days.Children.Count > 1) found.Drop(days, index, $"{name} only_on");
        }
    }

    private static void OfMonday(string name, YamlMappingNode day, YamlNode key, YamlScalarNode date, MutantList found)
    {
        found.Add(key, $"{name} is not moved", TreeEdit.Renamed(day, key, "fixed"));
        if (AnnualDatePattern.CreateWithInvariantCulture("MM'-'dd").Parse(date.Value ?? "") is not { Success: true } parsed) return;
        var named = parsed.Value.InYear(2023);
        foreach (var other in new[] { named.PlusDays(-1), named.PlusDays(1) })
            found.Become(date, $"{name} next_monday", $"{other.Month:00}-{other.Day:00}");
    }

    /// <summary>"3 mon 1": the number before and after it, the weekday after it. The last becomes the fourth, which in most years it is.</summary>
    private static void OfNth(string name, YamlScalarNode scalar, MutantList found)
    {
        if ((scalar.Value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var first, var weekday, var month]) return;
        if (!int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var nth) || WeekReader.Day(weekday) is not { } day) return;
        foreach (var changed in nth < 0 ? [4] : new[] { nth - 1, nth + 1 })
        {
            if (changed is >= 1 and <= 5) found.Become(scalar, $"{name} nth_weekday", $"{changed} {weekday} {month}");
        }

        found.Become(scalar, $"{name} nth_weekday", $"{first} {WeekMutants.Word((IsoDayOfWeek)(((int)day % 7) + 1))} {month}");
    }
}
