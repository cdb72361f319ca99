using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>
/// What a caller that is a gateway and nothing else reads of a refusal: that, until when and by which rule. What befell the person (an
/// illness, a death, an insolvency, the age) and what others have done is not for it.
/// </summary>
internal static class GatewayView
{
    /// <summary>Stands for every rule about the person.</summary>
    public const string AnyHold = "hold";

    private static readonly string[] Personal = ["hold.", "debtor."];

    public static void Narrow(AuthorizeContactResponse answer)
    {
        answer.RuleResults.Clear();
        Narrow(answer.Verdict);
    }

    public static void Narrow(Verdict? verdict)
    {
        if (verdict is not null && Personal.Any(kind => verdict.DecidingRuleId.StartsWith(kind, StringComparison.Ordinal))) verdict.DecidingRuleId = AnyHold;
    }
}
