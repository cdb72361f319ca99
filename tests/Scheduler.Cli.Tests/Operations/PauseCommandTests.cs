using Scheduler.Cli.Sessions;
using Scheduler.Cli.Tests.Sessions;

namespace Scheduler.Cli.Tests.Operations;

/// <summary>`scheduler pause` before it reaches the service: what a call must say.</summary>
public sealed class PauseCommandTests
{
    [Theory]
    [InlineData("pause begin --everything", "--reason")]
    [InlineData("pause begin --channel pigeon --reason why", "--channel: 'pigeon' is none of")]
    [InlineData("pause begin --everything --until tomorrow --reason why", "--until must be an instant")]
    [InlineData("pause end --reason why", "Required argument")]
    public async Task A_call_that_lacks_something_is_refused_with_what_it_lacks(string command, string told)
    {
        var run = await CommandRun.OfAsync(command.Split(' '));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }
}
