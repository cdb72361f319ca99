using Scheduler.Cli.Debtors;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Debtors;

public sealed class WordsTests
{
    [Fact]
    public void A_rule_that_has_nothing_to_say_is_not_told_as_one_that_permits()
    {
        Assert.Equal("permits", Words.Of(new RuleResult { Kind = VerdictKind.Permit }));
        Assert.Equal("does not apply", Words.Of(new RuleResult { Kind = VerdictKind.Permit, DoesNotApply = true }));
        Assert.Equal("lifted by CO.reply", Words.Of(new RuleResult { Kind = VerdictKind.Permit, LiftedByRuleId = "CO.reply" }));
        Assert.Equal("forbids", Words.Of(new RuleResult { Kind = VerdictKind.Forbid }));
    }
}
