using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>What a debtor said or wrote, as signals of the protocol. Ids follow from the dispatch, so that a repeat is a duplicate.</summary>
internal static class AnswerSignals
{
    private const int PromiseDays = 4;

    /// <summary>Said in the conversation: goes with the outcome.</summary>
    public static Signal? Said(Dispatch dispatch, Answer answer, Instant at)
    {
        var signal = New(dispatch, at);
        switch (answer)
        {
            case Answer.Promise: signal.Promise = Promise(dispatch, at); break;
            case Answer.Dispute: signal.HoldPlaced = Hold(dispatch, HoldKind.Dispute, at); break;
            case Answer.Cease: signal.HoldPlaced = Hold(dispatch, HoldKind.Cease, at); break;
            case Answer.PaymentClaimed: signal.HoldPlaced = Hold(dispatch, HoldKind.PaymentClaimed, at); break;
            case Answer.WrongPerson: signal.PointChange = new PointChange { PointId = dispatch.PointId, Status = PointStatus.WrongPerson }; break;
            default: return null;
        }

        return signal;
    }

    /// <summary>Written back, some time later.</summary>
    public static Signal Written(Dispatch dispatch, Answer answer, Instant at)
    {
        var signal = New(dispatch, at);
        switch (answer)
        {
            case Answer.Promise: signal.Promise = Promise(dispatch, at); break;
            case Answer.Dispute: signal.Inbound = Inbound(dispatch, InboundIntent.Dispute); break;
            case Answer.Stop: signal.Inbound = Inbound(dispatch, InboundIntent.Stop); break;
            default:
                signal.Inbound = Inbound(dispatch, InboundIntent.Conversation);
                signal.Inbound.TwoWay = true;
                break;
        }

        return signal;
    }

    private static Signal New(Dispatch dispatch, Instant at) => new()
    {
        SignalId = $"said-{dispatch.DispatchId}",
        DebtorId = dispatch.DebtorId,
        OccurTime = ProtocolValues.ToTimestamp(at),
        Channel = dispatch.Channel,
        SourceSystem = "gateway",
    };

    private static Promise Promise(Dispatch dispatch, Instant at)
    {
        var account = dispatch.Accounts[0];
        return new Promise
        {
            PromiseId = $"promise-{dispatch.DispatchId}",
            AccountIds = { account.AccountId },
            State = PromiseState.Pending,
            Amount = account.Balance,
            DueDate = ProtocolValues.ToDate(at.InUtc().Date.PlusDays(PromiseDays)),
        };
    }

    private static Hold Hold(Dispatch dispatch, HoldKind kind, Instant at) => new()
    {
        HoldId = $"hold-{dispatch.DispatchId}",
        Kind = kind,
        StartTime = ProtocolValues.ToTimestamp(at),
        Method = "oral",
    };

    private static Inbound Inbound(Dispatch dispatch, InboundIntent intent) => new()
    {
        ProviderContactId = $"in-{dispatch.DispatchId}",
        Intent = intent,
        DiscussedAccountIds = { dispatch.Accounts.Select(account => account.AccountId) },
    };
}
