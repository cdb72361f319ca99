using System.Text.Json;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Tests.Packs;

/// <summary>`scheduler pack` with packs in a folder outside the sources: exit codes and words.</summary>
public sealed class PackCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lint_names_file_line_and_column_and_answers_one()
    {
        Write("XX", "schema: 2\npacks:\n  - {id: XX, applies: {country: PE}, rules: [{id: XX.a, type: widow, source: s}]}\n", "", "");
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
        WriteGood("| a guarantor | - | call to guarantor | Wed 2026-11-18 10:00 | PE | - | permit | - | art. 1 |\n");
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

    private void WriteGood(string moreCases = "") => Write(
        "XX",
        "schema: 2\npacks:\n  - id: XX\n    applies: {country: PE}\n    rules:\n      - {id: XX.parties, type: party, allow: [principal], source: \"art. 1 [T]\"}\n",
        "| case | mode | contact | at | place | given | expected | rule | source |\n|--|--|--|--|--|--|--|--|--|\n"
            + "| the debtor | - | call | Wed 2026-11-18 10:00 | PE | - | permit | - | art. 1 |\n| a spouse | - | call to spouse | Wed 2026-11-18 10:00 | PE | - | forbid | XX.parties | art. 1 |\n" + moreCases,
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
        using var output = new StringWriter();
        using var error = new StringWriter();
#pragma warning disable RS0030 // The outermost layer of a test that runs the whole command line.
        var environment = new CliEnvironment(output, error, TimeProvider.System, _ => null);
#pragma warning restore RS0030
        var code = await CommandLine.RunAsync(arguments, environment);
        return (code, output.ToString(), error.ToString());
    }
}
