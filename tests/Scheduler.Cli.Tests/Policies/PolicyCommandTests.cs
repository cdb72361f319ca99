using Scheduler.Cli.Sessions;
using Scheduler.Cli.Tests.Sessions;

namespace Scheduler.Cli.Tests.Policies;

/// <summary>`scheduler policy` before it reaches the service: what a call must say; what it does there stands in the worked example.</summary>
public sealed class PolicyCommandTests
{
    [Theory]
    [InlineData("policy close-date 2026-13-01 CO --reason decree", "DATE must be such as 2026-12-03, not '2026-13-01'")]
    [InlineData("policy activate --add CO.strict@0 --at tomorrow --reason why", "--at")]
    [InlineData("policy close-date 2026-12-03 CO", "--reason")]
    [InlineData("policy revert", "--reason")]
    [InlineData("policy upload nowhere --reason why", "there is no nowhere")]
    public async Task A_call_that_lacks_something_is_refused_with_what_it_lacks(string command, string told)
    {
        var run = await CommandRun.OfAsync(command.Split(' '));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }
}
