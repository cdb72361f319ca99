using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Strategies;

namespace Scheduler.Domain.Tests.Strategies;

public sealed class StrategyReaderTests
{
    private const string Whole = """
        schema: 1
        id: early
        version: 7
        default_for: [PE, "*"]
        steps:
          - {id: hello, day: 0, channel: push}
          - {id: talk, day: 4, channel: call, condition: if_no_answer, mode: preview, purpose: preventive, while_closed: next_lawful,
             lapse_after_days: 3, template: t, notices: [A, B], priority: 1}
        """;

    [Fact]
    public void A_strategy_is_read_whole()
    {
        var strategy = StrategyReader.Read(new PackText("early.yaml", Whole), out var problems)!;
        Assert.Empty(problems);
        Assert.Equal("early@7", strategy.VersionId);
        Assert.Equal(["PE", "*"], strategy.DefaultFor);
        var talk = strategy.Steps[1];
        Assert.Equal((4, ContactChannel.Call, StepCondition.IfNoAnswer, PlacementMode.Preview), (talk.Day, talk.Channel, talk.Condition, talk.Mode));
        Assert.Equal((ContactPurpose.Preventive, WhileClosed.NextLawful, 3, "t", 1), (talk.Purpose, talk.WhileClosed, talk.LapseAfterDays, talk.Template, talk.Priority));
        Assert.Equal(["A", "B"], talk.Notices);
        Assert.Equal((WhileClosed.Wait, 2, 5), (strategy.Steps[0].WhileClosed, strategy.Steps[0].LapseAfterDays, strategy.Steps[0].Priority));
    }

    [Theory]
    [InlineData("channel: push", "channel: pigeon", 6, "pigeon")]
    [InlineData("channel: push", "channel: unknown", 6, "unknown")]
    [InlineData("day: 4", "day: 0", 7, "rise")]
    [InlineData("id: talk", "id: hello", 7, "hello")]
    [InlineData("priority: 1", "priority: 12", 8, "priority")]
    [InlineData("priority: 1", "urgency: 1", 8, "urgency")]
    [InlineData("version: 7", "version: x", 3, "version")]
    [InlineData("default_for: [PE,", "default_for: [Peru,", 4, "Peru")]
    [InlineData("schema: 1", "schema: 9", 1, "schema")]
    [InlineData("lapse_after_days: 3", "lapse_after_days: 0", 8, "lapse_after_days")]
    public void A_mistake_is_found_at_its_line_and_column(string text, string mistake, int line, string mentions)
    {
        Assert.Contains(text, Whole, StringComparison.Ordinal);
        Assert.Null(StrategyReader.Read(new PackText("early.yaml", Whole.Replace(text, mistake, StringComparison.Ordinal)), out var problems));
        Assert.Contains(problems, problem => problem.Line == line && problem.Column > 0 && problem.Message.Contains(mentions, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_that_is_no_yaml_is_a_problem_and_not_a_crash()
    {
        Assert.Null(StrategyReader.Read(new PackText("x.yaml", "steps: [1, 2"), out var problems));
        Assert.NotEmpty(problems);
        Assert.Null(StrategyReader.Read(new PackText("x.yaml", ""), out problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void The_shipped_strategies_are_in_force_and_of_one_id_the_highest_version_is()
    {
        var set = StrategyLibrary.Load([new PackText("early.yaml", Whole.Replace("[PE, \"*\"]", "[PE]", StringComparison.Ordinal)), new PackText("old.yaml", Whole.Replace("version: 7", "version: 6", StringComparison.Ordinal))]);
        Assert.Equal("co-one-channel-a-week", set.DefaultOf("CO")?.Id);
        Assert.Equal("classic", set.DefaultOf("US")?.Id);
        Assert.Equal(7, set.Find("early")?.Version);
        Assert.Equal("early@6", set.FindVersion("early@6")?.VersionId);
        Assert.Equal("talk", set.FindStep("early@7", "talk")?.Id);
        Assert.Null(set.FindStep("early@7", "none"));
    }
}
