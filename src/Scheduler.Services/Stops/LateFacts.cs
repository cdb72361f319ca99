using Google.Protobuf;
using Scheduler.Domain.Debtors;
using Scheduler.V1;

namespace Scheduler.Services.Stops;

/// <summary>
/// What is reported of a dispatch from before its debtor was split, as it goes to the debtor that was made: contacts count for both, and what
/// binds binds both. What permits, pays or promises is the old id's.
/// </summary>
internal static class LateFacts
{
    public static bool Binds(Signal signal) => signal.FactCase switch
    {
        Signal.FactOneofCase.Inbound => signal.Inbound.Intent is not (V1.InboundIntent.Start or V1.InboundIntent.WantsAgent),
        Signal.FactOneofCase.Consent => signal.Consent.Kind is V1.ConsentKind.Withdrawn or V1.ConsentKind.HoursForbidden,
        Signal.FactOneofCase.PointChange => signal.PointChange.Status != V1.PointStatus.Confirmed,
        Signal.FactOneofCase.HoldPlaced or Signal.FactOneofCase.ExternalContact => true,
        _ => false,
    };

    public static IMessage Of(IMessage fact, string dispatch)
    {
        switch (fact)
        {
            case Receipt receipt:
                // The provider's id leads to the old id's log.
                var named = receipt.Clone();
                named.DispatchId = dispatch;
                return named;
            case Outcome { Placed.Signals.Count: > 0 } outcome:
                var bound = outcome.Clone();
                foreach (var signal in bound.Placed.Signals.Where(static signal => !Binds(signal)).ToList()) bound.Placed.Signals.Remove(signal);
                return bound;
            default:
                return fact;
        }
    }

    /// <summary>The one that was made has not what the fact names: that is no failure.</summary>
    public static bool IsNotTheirs(string reason) => reason is RefusalReasons.UnknownAccount or RefusalReasons.UnknownPoint or RefusalReasons.Erased or "DEBTOR_NOT_FOUND";
}
