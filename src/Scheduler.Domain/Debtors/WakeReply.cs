using NodaTime;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <summary>Answer to a wake: an offer, or when to look again.</summary>
/// <param name="Offer">What may be leased now; null: nothing.</param>
/// <param name="Wake">When the debtor is looked at next.</param>
/// <param name="Verdict">Verdict on what is planned; null when nothing was asked.</param>
public sealed record WakeReply(Effect.Offer? Offer, Wake Wake, Verdict? Verdict)
{
    public Instant? WakeAt => Wake.At;
}
