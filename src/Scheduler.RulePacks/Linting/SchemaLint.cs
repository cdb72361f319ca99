using NodaTime;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace Scheduler.RulePacks.Linting;

/// <summary>What can be read and still makes no sense: dates the wrong way round, ids used twice, two defaults.</summary>
internal static class SchemaLint
{
    public static void Check(PackFolder folder, PackOutline outline, LintReport report)
    {
        foreach (var map in Mappings(outline.Root))
        {
            if (Date(map, "valid_from") is { } from && Date(map, "valid_to") is { } to && from > to)
                report.Error(outline.File, PackOutline.Child(map, "valid_to")!.Start, LintCodes.Dates, $"'valid_to' {LocalDatePattern.Iso.Format(to)} is before 'valid_from' {LocalDatePattern.Iso.Format(from)}.", "Turn them round: both days are included.");
        }

        foreach (var (id, pack) in outline.Packs)
        {
            var seen = new HashSet<string>();
            foreach (var exception in PackOutline.Elements(pack, "exceptions"))
            {
                if (!seen.Add(PackOutline.Text(exception, "id"))) report.Error(outline.File, exception.Start, LintCodes.Schema, $"The exception '{PackOutline.Text(exception, "id")}' is there more than once.", "Give each its own id.");
            }

            foreach (var rule in PackOutline.Elements(pack, "rules"))
            {
                if (seen.Contains(PackOutline.Text(rule, "id"))) report.Error(outline.File, rule.Start, LintCodes.Schema, $"'{PackOutline.Text(rule, "id")}' is both a rule and an exception.", "Give each its own id.");
            }

            if (id.Split('.')[0] != folder.Code && folder.Code.Length > 0) report.Warning(outline.File, pack.Start, LintCodes.Schema, $"'{id}' is of the family {id.Split('.')[0]}, in the folder {folder.Code}.", "Its cases can name the modes of the folder's own family only.");
        }

        foreach (var family in outline.Packs.Where(one => PackOutline.Text(one.Pack, "default") == "true").GroupBy(one => one.Id.Split('.')[0]))
        {
            foreach (var (id, pack) in family.Skip(1)) report.Error(outline.File, pack.Start, LintCodes.Schema, $"'{id}' is a second default of {family.Key}.", "One mode of a family is its default.");
        }
    }

    private static LocalDate? Date(YamlMappingNode map, string key) =>
        PackOutline.Child(map, key) is YamlScalarNode { Value: { } text } && LocalDatePattern.Iso.Parse(text) is { Success: true } date ? date.Value : null;

    private static IEnumerable<YamlMappingNode> Mappings(YamlNode? node) => node switch
    {
        YamlMappingNode map => map.Children.Values.SelectMany(Mappings).Prepend(map),
        YamlSequenceNode list => list.Children.SelectMany(Mappings),
        _ => [],
    };
}
