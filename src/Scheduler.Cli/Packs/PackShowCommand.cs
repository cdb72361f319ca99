using System.CommandLine;
using System.Globalization;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Showing;

namespace Scheduler.Cli.Packs;

/// <summary>`scheduler pack show` and `pack list`: what a pack says, for a person to read.</summary>
internal static class PackShowCommand
{
    public static Command Create(CommandSet set)
    {
        var id = new Argument<string>("ID") { Description = "A pack (CO.literal), or a family for its default (CO)" };
        var paths = PackCommand.Paths();
        var year = new Option<int?>("--year") { Description = "Closed days of this year; the current one if it is left out" };
        var command = new Command("show", "One pack: its rules, figures and sources, and the closed days of a year") { id, paths, year };
        command.SetAction(parse =>
        {
            var sheets = PackSheet.Of(PackFolder.WithShipped(Given(parse.GetValue(paths))));
            var sheet = PackRefs.Find(sheets, parse.GetRequiredValue(id));
            var shown = parse.GetValue(year) ?? set.Environment.Clock.GetUtcNow().Year;
            if (shown is < 1900 or > 2200) throw new UsageException($"--year must be 1900 to 2200, not {shown}");
            if (set.Settings(parse).Json) PackCommand.WriteJson(set.Environment.Output, Json(sheet, shown));
            else Write(set.Environment.Output, sheet, shown);
            return ExitCode.Done;
        });
        return command;
    }

    public static Command CreateList(CommandSet set)
    {
        var paths = PackCommand.Paths();
        var command = new Command("list", "Packs with where they apply and since when") { paths };
        command.SetAction(parse =>
        {
            var given = Given(parse.GetValue(paths));
            var files = (given.Length > 0 ? given : [.. PackFolder.Shipped()]).Select(folder => folder.Pack.File).ToHashSet();
            var sheets = PackSheet.Of(PackFolder.WithShipped(given)).Where(sheet => files.Contains(sheet.File)).ToList();
            if (set.Settings(parse).Json) PackCommand.WriteJson(set.Environment.Output, new { packs = sheets.Select(sheet => new { sheet.Id, sheet.Title, sheet.File, sheet.IsDefault, sheet.Applies, sheet.Validity, rules = sheet.Rules.Length }) });
            else
            {
                foreach (var sheet in sheets) set.Environment.Output.WriteLine($"{sheet.Id,-22} {sheet.Title}; {sheet.Applies}{(sheet.Validity.Length > 0 ? $"; {sheet.Validity}" : "")}; {sheet.Rules.Length} rules");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static PackFolder[] Given(string[]? paths) => paths is { Length: > 0 } ? [.. PackPaths.Read(paths)] : [];

    private static void Write(TextWriter output, PackSheet sheet, int year)
    {
        output.WriteLine($"{sheet.Id}: {sheet.Title}");
        output.WriteLine($"  {sheet.File}{(sheet.IsDefault ? ", default of its family" : "")}{(sheet.Modes.IsEmpty ? "" : $"; other modes: {string.Join(", ", sheet.Modes)}")}");
        output.WriteLine($"  applies to {sheet.Applies}{(sheet.Validity.Length > 0 ? $", in force {sheet.Validity}" : "")}");
        if (sheet.When.Length > 0) output.WriteLine($"  only when {sheet.When}");
        foreach (var rule in sheet.Rules.Concat(sheet.Exceptions))
        {
            output.WriteLine();
            output.WriteLine($"{rule.Id} ({rule.Type}){(rule.Of("source_kind") is { Length: > 0 } kind and not "law" ? $", {kind}" : "")}");
            foreach (var (key, value) in rule.Keys.Where(pair => pair.Key is not ("source" or "source_kind"))) output.WriteLine($"    {key.Replace('_', ' ')}: {value}");
            output.WriteLine($"    source: {rule.Source}");
        }

        foreach (var calendar in sheet.Calendars)
        {
            output.WriteLine();
            output.WriteLine($"closed days of {calendar.Id} in {year}");
            foreach (var day in calendar.DaysOf(year))
            {
                var where = day.Scope.Regions.IsEmpty && day.Scope.Municipalities.IsEmpty ? "" : $" ({string.Join(", ", day.Scope.Regions.Concat(day.Scope.Municipalities))} only)";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {day.Date:ddd uuuu-MM-dd} {day.Name}{where}"));
            }
        }
    }

    private static object Json(PackSheet sheet, int year) => new
    {
        sheet.Id,
        sheet.Title,
        sheet.File,
        sheet.IsDefault,
        sheet.Applies,
        sheet.Validity,
        sheet.When,
        sheet.Modes,
        rules = sheet.Rules.Select(Json),
        exceptions = sheet.Exceptions.Select(Json),
        calendars = sheet.Calendars.Select(calendar => new
        {
            calendar.Id,
            year,
            days = calendar.DaysOf(year).Select(day => new { date = day.Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture), day.Name, day.Scope.Regions, day.Scope.Municipalities }),
        }),
    };

    private static object Json(RuleSheet rule) => new { rule.Id, rule.Type, keys = rule.Keys.ToDictionary(pair => pair.Key, pair => pair.Value) };
}
