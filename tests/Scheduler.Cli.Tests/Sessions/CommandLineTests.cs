using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Tests.Sessions;

/// <summary>Exit codes and words of what went wrong.</summary>
public sealed class CommandLineTests
{
    private const string Nowhere = "http://127.0.0.1:1";

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("explain")]
    [InlineData("import nowhere.csv --profile uci-credit-card")]
    [InlineData("gateway --channel carrier-pigeon")]
    [InlineData("gateway --channel call --max-dispatches 1001")]
    [InlineData("explain d-1 --at yesterday")]
    [InlineData("stats --address ftp://example.com")]
    [InlineData("signal hold d-1 --kind boredom")]
    [InlineData("debtor erase d-1")]
    [InlineData("debtor export d-1")]
    [InlineData("debtor export d-1 --reason asked --format pdf")]
    public async Task A_mistake_in_the_call_answers_two(string line)
    {
        var (code, _, error) = await RunAsync(line);
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_public_key_is_a_mistake_in_the_call()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("scheduler-key-").FullName, "roots.pem");
        await File.WriteAllTextAsync(path, "no key", TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync($"audit verify --public-key {path} --address {Nowhere}");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.Equal((ExitCode.Usage, $"error: --public-key {path}: no public key in PEM"), (code, error.TrimEnd()));
    }

    [Theory]
    [InlineData("stats")]
    [InlineData("explain d-1")]
    [InlineData("signal hold d-1 --kind dispute")]
    [InlineData("debtor erase d-1 --reason asked")]
    [InlineData("debtor export d-1 --reason asked --format json")]
    public async Task A_service_that_is_not_there_answers_one(string line)
    {
        var (code, _, error) = await RunAsync($"{line} --address {Nowhere}");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Unavailable", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_answers_zero_and_names_every_command()
    {
        var (code, output, _) = await RunAsync("--help");
        Assert.Equal(ExitCode.Done, code);
        foreach (var command in (string[])["serve", "import", "gateway", "explain", "timeline", "debtor", "signal", "stats", "demo"])
            Assert.Contains(command, output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
#pragma warning disable RS0030 // The outermost layer of a test that runs the whole command line.
        var environment = new CliEnvironment(output, error, TimeProvider.System, _ => null);
#pragma warning restore RS0030
        var code = await CommandLine.RunAsync(line.Split(' '), environment);
        return (code, output.ToString(), error.ToString());
    }
}
