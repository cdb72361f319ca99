using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Scheduler.RulePacks.Reading;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Mutants that any part of a rule may have: a figure off by one, a date off by a day, an element or a key left out.</summary>
internal static class FilterMutants
{
    /// <summary>Every key of a filter left out, and whatever its value allows.</summary>
    public static void OfKeys(YamlMappingNode map, MutantList found)
    {
        foreach (var (key, value) in map.Children.ToList())
        {
            var name = key.ToString();
            if (FilterReader.UncollectedWords.Contains(name)) continue;
            if (map.Children.Count > 1) found.Drop(map, key);
            OfValue(name, value, found);
        }
    }

    public static void OfValue(string name, YamlNode value, MutantList found)
    {
        switch (value)
        {
            case YamlScalarNode scalar: OfScalar(name, scalar, found); break;
            case YamlSequenceNode list: OfElements(name, list, found); break;
            case YamlMappingNode map: OfKeys(map, found); break;
            default: break;
        }
    }

    private static void OfElements(string name, YamlSequenceNode list, MutantList found)
    {
        for (var index = 0; index < list.Children.Count; index++)
        {
            if (list.Children.Count > 1) found.Drop(list, index, name);
            if (list.Children[index] is YamlMappingNode map) OfKeys(map, found);
        }
    }

    private static void OfScalar(string name, YamlScalarNode scalar, MutantList found)
    {
        if (int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            found.Become(scalar, name, (number - 1).ToString(CultureInfo.InvariantCulture));
            found.Become(scalar, name, (number + 1).ToString(CultureInfo.InvariantCulture));
        }
        else if (scalar.Value is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true } date)
        {
            found.Become(scalar, name, LocalDatePattern.Iso.Format(date.Value.PlusDays(-1)));
            found.Become(scalar, name, LocalDatePattern.Iso.Format(date.Value.PlusDays(1)));
        }
        else if (name is "week" or "end_of_week" && WeekReader.Day(scalar.Value ?? "") is { } day)
        {
            found.Become(scalar, name, WeekMutants.Word((IsoDayOfWeek)(((int)day % 7) + 1)));
        }
    }
}
