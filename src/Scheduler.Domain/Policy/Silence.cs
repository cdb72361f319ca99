using System.Globalization;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>Why a rule of a pack says nothing of a contact.</summary>
internal static class Silence
{
    /// <summary>One sentence; null where the rule applies.</summary>
    public static string? Of(BoundRule bound, in PolicyQuestion question, in Moment moment)
    {
        var (rule, governs) = (bound.Rule, bound.Rule.Governs);
        if (!governs.Channels.Contains(question.Channel)) return "Does not apply: it governs other channels.";
        if (question.Purpose != ContactPurpose.Unknown && !governs.Purposes.Contains((int)question.Purpose)) return "Does not apply: it governs other purposes.";
        if (!governs.GovernsPlace(question.Point.Place)) return "Does not apply: it governs points of other places.";
        if (bound.LastDay < moment.FirstDay) return string.Create(CultureInfo.InvariantCulture, $"Does not apply: it ended with {rule.ValidTo:uuuu-MM-dd}.");
        if (bound.FirstDay > moment.LastDay) return string.Create(CultureInfo.InvariantCulture, $"Does not apply: it begins on {rule.ValidFrom:uuuu-MM-dd}.");
        if (!bound.IsConditional || RuleCheck.Binds(bound, question, moment)) return null;
        return $"Does not apply: {MismatchOf(bound, question, moment)} is not what it is for.";
    }

    /// <summary>A rule that speaks of accounts is silent when it is for none of them: the first one says why.</summary>
    private static string MismatchOf(BoundRule bound, in PolicyQuestion question, in Moment moment)
    {
        var account = bound.AsksAccount && !question.Accounts.IsDefaultOrEmpty ? question.Accounts[0] : null;
        return FactMismatch.Of(bound.Rule.When, question, account, moment.Last) ?? "the contact";
    }
}
