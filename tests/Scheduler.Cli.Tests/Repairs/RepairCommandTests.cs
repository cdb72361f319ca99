using Scheduler.Cli.Sessions;
using Scheduler.Cli.Tests.Sessions;

namespace Scheduler.Cli.Tests.Repairs;

/// <summary>`scheduler leases` and `scheduler restore` before they reach the service: what a call must say.</summary>
public sealed class RepairCommandTests
{
    [Theory]
    [InlineData("leases resolve d1 d1.2 --as not_placed", "--reason")]
    [InlineData("leases resolve d1 d1.2 --reason record", "--as")]
    [InlineData("leases resolve d1 d1.2 --as lost --reason record", "--as: 'lost' is none of not_placed, not_reached, delivered, conversation")]
    [InlineData("quarantine release d1", "--reason")]
    [InlineData("quarantine keep --reason seen", "DEBTOR")]
    [InlineData("restore declare", "--reason")]
    [InlineData("restore resent", "--reason")]
    [InlineData("restore begin --since yesterday --reason backup", "--since must be an instant")]
    public async Task A_call_that_lacks_something_is_refused_with_what_it_lacks(string command, string told)
    {
        var run = await CommandRun.OfAsync(command.Split(' '));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }
}
