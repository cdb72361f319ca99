using NodaTime;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Linting;

/// <summary>What can be read and still makes no sense: dates the wrong way round, ids used twice, two defaults.</summary>
internal static class SchemaLint
{
    public static void Check(PackFolder folder, PackMap map, LintReport report)
    {
        foreach (var node in Mappings(map.Root))
        {
            if (Date(node, "valid_from") is { } from && Date(node, "valid_to") is { } to && from > to)
                report.Error(map.File, PackMap.Child(node, "valid_to")!.Start, LintCodes.Dates, $"'valid_to' {LocalDatePattern.Iso.Format(to)} is before 'valid_from' {LocalDatePattern.Iso.Format(from)}.", "Turn them round: both days are included.");
        }

        foreach (var (id, pack) in map.Packs)
        {
            var seen = new HashSet<string>();
            foreach (var exception in PackMap.Elements(pack, "exceptions"))
            {
                if (!seen.Add(PackMap.Text(exception, "id"))) report.Error(map.File, exception.Start, LintCodes.Schema, $"The exception '{PackMap.Text(exception, "id")}' is there more than once.", "Give each its own id.");
            }

            foreach (var rule in PackMap.Elements(pack, "rules"))
            {
                if (seen.Contains(PackMap.Text(rule, "id"))) report.Error(map.File, rule.Start, LintCodes.Schema, $"'{PackMap.Text(rule, "id")}' is both a rule and an exception.", "Give each its own id.");
            }

            if (id.Split('.')[0] != folder.Code && folder.Code.Length > 0) report.Warning(map.File, pack.Start, LintCodes.Schema, $"'{id}' is of the family {id.Split('.')[0]}, in the folder {folder.Code}.", "Its cases can name the modes of the folder's own family only.");
        }

        foreach (var family in map.Packs.Where(one => PackMap.Text(one.Pack, "default") == "true").GroupBy(one => one.Id.Split('.')[0]))
        {
            foreach (var (id, pack) in family.Skip(1)) report.Error(map.File, pack.Start, LintCodes.Schema, $"'{id}' is a second default of {family.Key}.", "One mode of a family is its default.");
        }
    }

    private static LocalDate? Date(YamlMappingNode map, string key) =>
        PackMap.Child(map, key) is YamlScalarNode { Value: { } text } && LocalDatePattern.Iso.Parse(text) is { Success: true } date ? date.Value : null;

    private static IEnumerable<YamlMappingNode> Mappings(YamlNode? node) => node switch
    {
        YamlMappingNode map => map.Children.Values.SelectMany(Mappings).Prepend(map),
        YamlSequenceNode list => list.Children.SelectMany(Mappings),
        _ => [],
    };
}
