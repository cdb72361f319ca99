using System.Text.Json;
using Scheduler.Cli.Sessions;
using Scheduler.Cli.Tests.Sessions;

namespace Scheduler.Cli.Tests.Packs;

/// <summary>`scheduler pack` with packs in a folder outside the sources: exit codes and words.</summary>
public sealed class PackCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lint_names_file_line_and_column_and_answers_one()
    {
        Write("XX", "schema: 2\npacks:\n  - {id: XX, applies: {country: UY}, rules: [{id: XX.a, type: widow, source: s}]}\n", "", "");
        var (code, output, _) = await RunAsync("pack", "lint", Path.Combine(_folder, "XX"));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("XX/pack.yaml(3,63): error schema: 'widow' is not a kind of rule.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_that_lacks_nothing_answers_zero_to_lint_and_to_test()
    {
        WriteGood();
        var (lint, said, _) = await RunAsync("pack", "lint", _folder);
        Assert.True(lint == ExitCode.Done, said);
        var (test, told, _) = await RunAsync("pack", "test", _folder, "--no-mutants");
        Assert.True(test == ExitCode.Done, told);
        Assert.Contains("XX: 2 of 2 cases hold, no mutants tried", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_names_survivors_and_answers_one()
    {
        WriteGood();
        var (code, output, _) = await RunAsync("pack", "test", Path.Combine(_folder, "XX", "pack.yaml"), "--json");
        Assert.Equal(ExitCode.Failed, code);
        using var json = JsonDocument.Parse(output);
        var folder = json.RootElement.GetProperty("folders")[0];
        Assert.Equal(2, folder.GetProperty("cases").GetInt32());
        Assert.True(folder.GetProperty("survivors").GetArrayLength() > 0);
        Assert.Equal("XX.parties", folder.GetProperty("survivors")[0].GetProperty("rule_id").GetString());
    }

    [Fact]
    public async Task A_row_that_does_not_hold_is_shown_with_what_every_rule_answered()
    {
        WriteGood("| a guarantor | - | call to guarantor | Wed 2026-11-18 10:00 | UY | - | permit | - | art. 1 |\n");
        var (code, output, _) = await RunAsync("pack", "test", _folder);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("XX/cases.md(5,1): a guarantor: expected permit, got Forbid", output, StringComparison.Ordinal);
        Assert.Contains("XX.parties: Forbid", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("test")]
    public async Task A_folder_that_is_not_there_answers_two(string verb)
    {
        var (code, _, error) = await RunAsync("pack", verb, Path.Combine(_folder, "nowhere"));
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("error: there is no", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_rules_with_their_sources_and_the_closed_days_of_a_year()
    {
        WriteGood();
        var (code, output, _) = await RunAsync("pack", "show", "XX", _folder);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("XX.parties (party)", output, StringComparison.Ordinal);
        Assert.Contains("    allow: [principal]", output, StringComparison.Ordinal);
        Assert.Contains("    source: art. 1 [T]", output, StringComparison.Ordinal);
        var (_, peru, _) = await RunAsync("pack", "show", "PE", "--year", "2027");
        Assert.Contains("Wed 2027-07-28", peru, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("pack", "show", "PE", "--year", "1800")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("pack", "show", "ZZ")).Code);
    }

    [Fact]
    public async Task Show_as_json_lays_a_mode_over_what_it_extends()
    {
        var (code, output, _) = await RunAsync("pack", "show", "CO.literal", "--json");
        Assert.Equal(ExitCode.Done, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("CO.literal", json.RootElement.GetProperty("id").GetString());
        Assert.True(json.RootElement.GetProperty("rules").GetArrayLength() > 1);
        Assert.Equal("CO", json.RootElement.GetProperty("calendars")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task List_names_what_ships_or_what_a_folder_holds()
    {
        WriteGood();
        var (code, output, _) = await RunAsync("pack", "list", _folder);
        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("XX ", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        var (_, shipped, _) = await RunAsync("pack", "list", "--json");
        using var json = JsonDocument.Parse(shipped);
        Assert.Contains("CO.strict", json.RootElement.GetProperty("packs").EnumerateArray().Select(static pack => pack.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Diff_says_what_a_change_permits_more_or_less_and_which_cases_it_answers_otherwise()
    {
        WriteGood();
        var before = Path.Combine(_folder, "XX");
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other", "XX")).FullName;
        foreach (var file in Directory.GetFiles(before)) File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        var pack = Path.Combine(other, "pack.yaml");
        File.WriteAllText(pack, File.ReadAllText(pack).Replace("allow: [principal]", "allow: [principal, spouse]", StringComparison.Ordinal));

        var (code, output, _) = await RunAsync("pack", "diff", before, other);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("1 change, 1 of 2 cases answered differently", output, StringComparison.Ordinal);
        Assert.Contains("  widens         XX.parties: allow:", output, StringComparison.Ordinal);
        Assert.Contains("a spouse", output, StringComparison.Ordinal);
        var (_, same, _) = await RunAsync("pack", "diff", before, before, "--json");
        using var json = JsonDocument.Parse(same);
        Assert.Equal(0, json.RootElement.GetProperty("changes").GetArrayLength());
    }

    private void WriteGood(string moreCases = "") => Write(
        "XX",
        "schema: 2\npacks:\n  - id: XX\n    applies: {country: UY}\n    rules:\n      - {id: XX.parties, type: party, allow: [principal], source: \"art. 1 [T]\"}\n",
        "| case | mode | contact | at | place | given | expected | rule | source |\n|--|--|--|--|--|--|--|--|--|\n"
            + "| the debtor | - | call | Wed 2026-11-18 10:00 | UY | - | permit | - | art. 1 |\n| a spouse | - | call to spouse | Wed 2026-11-18 10:00 | UY | - | forbid | XX.parties | art. 1 |\n" + moreCases,
        "| rule | figure | evidence | confidence | source |\n|--|--|--|--|--|\n| XX.parties | the debtor alone | T | high | art. 1 |\n");

    private void Write(string code, string pack, string cases, string sources)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, code)).FullName;
        File.WriteAllText(Path.Combine(folder, "pack.yaml"), pack);
        File.WriteAllText(Path.Combine(folder, "cases.md"), cases);
        File.WriteAllText(Path.Combine(folder, "sources.md"), sources);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        return (run.Code, run.Output, run.Error);
    }
}
