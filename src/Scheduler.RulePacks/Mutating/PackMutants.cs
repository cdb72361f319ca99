using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Mutating;

/// <summary>Every mutant of one pack file: its calendars, names, rules, exceptions, and what its modes drop and replace.</summary>
internal static class PackMutants
{
    public const string CalendarPrefix = "calendar ";

    public static IReadOnlyList<Mutant> Of(string file, YamlMappingNode root)
    {
        var found = new MutantList(file);
        if (RuleMutants.Child(root, "calendars") is YamlMappingNode calendars)
        {
            foreach (var (id, calendar) in calendars.Children) OfCalendar(id.ToString(), calendar, found);
        }

        VocabularyMutants.OfOwn(root, found);
        if (RuleMutants.Child(root, "packs") is YamlSequenceNode packs)
        {
            var lifted = packs.OfType<YamlMappingNode>().SelectMany(Lifted).ToHashSet();
            foreach (var pack in packs.OfType<YamlMappingNode>()) OfPack(pack, lifted, found);
        }

        return found.Mutants;
    }

    private static void OfCalendar(string id, YamlNode calendar, MutantList found)
    {
        found.Subject = CalendarPrefix + id;
        if (calendar is not YamlMappingNode map || RuleMutants.Child(map, "days") is not YamlSequenceNode days) return;
        foreach (var day in days.Children.OfType<YamlMappingNode>().ToList()) HolidayMutants.Of(day, days, found);
    }

    private static IEnumerable<string> Lifted(YamlMappingNode pack) =>
        (RuleMutants.Child(pack, "exceptions") as YamlSequenceNode ?? []).OfType<YamlMappingNode>()
            .SelectMany(exception => (RuleMutants.Child(exception, "lifts") as YamlSequenceNode ?? []).Select(node => node.ToString()));

    private static void OfPack(YamlMappingNode pack, HashSet<string> lifted, MutantList found)
    {
        found.Subject = RuleMutants.Text(pack, "id");
        foreach (var (key, value) in pack.Children.ToList())
        {
            if (key.ToString() is "valid_from" or "valid_to") FilterMutants.OfValue(key.ToString(), value, found);
            else if (key.ToString() == "drop") FilterMutants.OfValue("drop", value, found);
            else if (key.ToString() == "when" && value is YamlMappingNode when) { found.Drop(pack, key); FilterMutants.OfKeys(when, found); }
            else if (key.ToString() == "applies" && value is YamlMappingNode applies) OfScope(applies, found);
        }

        if (RuleMutants.Child(pack, "drop") is YamlSequenceNode { Children.Count: 1 } drop) found.Drop(drop, 0, "drop");
        if (RuleMutants.Child(pack, "replace") is YamlMappingNode replace)
        {
            foreach (var (id, keys) in replace.Children)
            {
                found.Subject = id.ToString();
                if (keys is not YamlMappingNode map) continue;
                found.Add(id, "without the replacement", TreeEdit.Without(replace, id), isRemoval: true);
                RuleMutants.OfKeys(map, found);
            }
        }

        foreach (var (rule, owner) in Elements(pack, "rules"))
        {
            found.Subject = RuleMutants.Text(rule, "id");
            RuleMutants.OfRule(rule, owner, lifted.Contains(found.Subject), found);
        }

        foreach (var (exception, owner) in Elements(pack, "exceptions"))
        {
            found.Subject = RuleMutants.Text(exception, "id");
            RuleMutants.OfException(exception, owner, found);
        }
    }

    /// <summary>A pack that applies to a part of a country, or to one channel, must be seen not to apply to the rest.</summary>
    private static void OfScope(YamlMappingNode applies, MutantList found)
    {
        foreach (var key in applies.Children.Keys.ToList())
        {
            if (key.ToString() != "country") found.Drop(applies, key);
        }
    }

    private static List<(YamlMappingNode Node, YamlSequenceNode Owner)> Elements(YamlMappingNode pack, string key) =>
        RuleMutants.Child(pack, key) is YamlSequenceNode owner ? [.. owner.Children.OfType<YamlMappingNode>().Select(node => (node, owner))] : [];
}
