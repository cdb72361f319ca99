using System.Text.RegularExpressions;
using NodaTime.Text;
using Scheduler.Cli.Serving;
using Scheduler.Cli.Sessions;
using Scheduler.Cli.Tests.Sessions;

namespace Scheduler.Cli.Tests.Packs;

/// <summary>The worked example of docs/rule-packs.md, run from an empty folder to the letter: its files, its commands, what it says they say.</summary>
public sealed partial class WorkedExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("worked-example-").FullName;
    private readonly string _text = Section(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Packs", "rule-packs.md")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_its_last_row_a_mutant_survives_as_the_manual_says()
    {
        WriteFiles();
        var cases = Path.Combine(_folder, "Packs", "UY", "cases.md");
        await File.WriteAllLinesAsync(cases, (await File.ReadAllLinesAsync(cases, TestContext.Current.CancellationToken))[..^1], TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, (await RunAsync("pack lint ./Packs/UY")).Code);
        var run = await RunAsync("pack test ./Packs/UY");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("no case notices UY.day: 'counts' counts everything", run.Output, StringComparison.Ordinal);
        Assert.Contains("no case notices UY.day: 'counts' counts everything", _text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_answers_what_the_manual_says()
    {
        WriteFiles();
        var clock = InstantPattern.General.Parse(Clock().Match(_text).Groups["at"].Value).GetValueOrThrow();
        await using var host = await PrivateHost.StartAsync(clock, keep: false, TestContext.Current.CancellationToken);
        var commands = Commands().Matches(_text);
        Assert.Equal(16, commands.Count);
        foreach (Match row in commands)
        {
            var command = row.Groups["command"].Value;
            var run = await RunAsync(command, command.StartsWith("pack ", StringComparison.Ordinal) ? [] : ["--address", host.Address]);
            Assert.True(run.Code == ExitCode.Done, $"{command}: {run.Output}{run.Error}");
            foreach (Match answer in Quoted().Matches(row.Groups["says"].Value))
            {
                Assert.True(run.Output.Contains(answer.Groups["text"].Value, StringComparison.Ordinal), $"{command}: no '{answer.Groups["text"].Value}' in{Environment.NewLine}{run.Output}{run.Error}");
            }
        }
    }

    private Task<CommandRun> RunAsync(string command, params string[] more)
    {
        var words = Words().Matches(command).Select(static word => word.Groups["word"].Value + word.Groups["quoted"].Value);
        var arguments = words.Select(word => word.StartsWith("./", StringComparison.Ordinal) || File.Exists(Path.Combine(_folder, word)) ? Path.Combine(_folder, word) : word);
        return CommandRun.OfAsync([.. arguments, .. more]);
    }

    private void WriteFiles()
    {
        foreach (Match file in Files().Matches(_text))
        {
            var path = Path.Combine(_folder, file.Groups["path"].Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Groups["text"].Value);
        }
    }

    private static string Section(string manual)
    {
        var text = manual[manual.IndexOf("### Worked example", StringComparison.Ordinal)..];
        return text[..text.IndexOf("\n## ", StringComparison.Ordinal)];
    }

    /// <summary>A name in quotes that ends its line or is followed by words, and the block below it.</summary>
    [GeneratedRegex(@"`(?<path>[\w/]+\.(?:yaml|md|csv))`[^\n]*:\n\n```\w+\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Files();

    [GeneratedRegex(@"^\| `scheduler (?<command>[^`]+)` \| (?<says>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"""(?<quoted>[^""]*)""|(?<word>[^\s""]+)")]
    private static partial Regex Words();

    [GeneratedRegex(@"Clock:Start=(?<at>\S+?)`")]
    private static partial Regex Clock();
}
