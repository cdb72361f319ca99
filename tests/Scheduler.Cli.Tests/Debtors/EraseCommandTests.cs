using Google.Protobuf.WellKnownTypes;
using Scheduler.Cli.Debtors;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Debtors;

/// <summary>An erasure's answer in words.</summary>
public sealed class EraseCommandTests
{
    [Fact]
    public void What_was_erased_and_the_suppression_that_stays_are_told() =>
        Assert.Equal(
            ["erased: addresses, links", "a suppression stays: whoever comes to list an address of the person has no consent there from before"],
            Lines(new EraseDebtorResponse { Erased = { "addresses", "links" }, SuppressionKept = true }));

    [Fact]
    public void What_must_be_kept_is_told_with_its_basis_its_term_and_its_end()
    {
        var answer = new EraseDebtorResponse
        {
            Retained =
            {
                new RetainedData { Data = "accounts", Basis = "open account" },
                new RetainedData
                {
                    Data = "everything",
                    Basis = "by choice",
                    Retention = Duration.FromTimeSpan(TimeSpan.FromDays(1096)),
                    RetainUntilTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2029, 11, 17, 15, 0, 0, TimeSpan.Zero)),
                },
            },
        };

        Assert.Equal(
            ["nothing was erased, ana must be kept for now:", "  accounts: open account", "  everything: by choice, 1096 days, until 2029-11-17 15:00:00Z"],
            Lines(answer));
    }

    private static string[] Lines(EraseDebtorResponse answer)
    {
        using var output = new StringWriter();
        EraseCommand.Write(output, "ana", answer);
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
