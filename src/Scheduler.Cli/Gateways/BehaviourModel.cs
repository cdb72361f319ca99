using System.Collections.Immutable;
using Scheduler.Cli.Sampling;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>
/// How debtors and networks behave. What happens to a dispatch depends on the seed, the debtor, the account, the step, the channel and
/// how often the step was leased, and on nothing else: not on time, order, process or dispatch id.
/// </summary>
internal sealed class BehaviourModel(long seed)
{
    private static readonly ImmutableArray<(int Weight, Disposition Disposition)> Calls =
    [
        (36, Disposition.NoAnswer), (6, Disposition.Busy), (4, Disposition.Rejected), (3, Disposition.NotInService), (2, Disposition.NetworkFailure),
        (13, Disposition.MachineNoMessage), (7, Disposition.MachineMessageLeft), (3, Disposition.HungUp), (2, Disposition.WrongParty),
        (3, Disposition.ThirdParty), (21, Disposition.RightParty),
    ];

    public Conduct Of(Dispatch dispatch)
    {
        var key = new[]
        {
            dispatch.DebtorId, dispatch.Plan?.AccountId ?? "", dispatch.Plan?.StepId ?? "", dispatch.Channel.ToString(), $"{dispatch.DeliveryCount}",
        };
        if (Percent(key, "placed") < 2) return new Conduct { NotPlaced = NotPlacedReason.RecipientLimit };
        return dispatch.Channel is ContactChannel.Call or ContactChannel.Ivr or ContactChannel.VoicemailDrop ? Call(key) : Message(key, dispatch.Channel);
    }

    private Conduct Call(string[] key)
    {
        var mark = Percent(key, "call");
        var disposition = Disposition.NoAnswer;
        foreach (var (weight, candidate) in Calls)
        {
            mark -= weight;
            disposition = candidate;
            if (mark < 0) break;
        }

        return new Conduct
        {
            Disposition = disposition,
            Facts = CallFacts(disposition),
            Answer = disposition switch
            {
                Disposition.RightParty => Said(Percent(key, "said")),
                Disposition.WrongParty => Answer.WrongPerson,
                _ => Answer.None,
            },
        };
    }

    private static Answer Said(int mark) => mark switch
    {
        < 34 => Answer.Promise,
        < 38 => Answer.Dispute,
        < 40 => Answer.Cease,
        < 46 => Answer.PaymentClaimed,
        _ => Answer.None,
    };

    private static ContactFacts CallFacts(Disposition disposition)
    {
        var isSpoken = disposition is Disposition.RightParty or Disposition.ThirdParty or Disposition.WrongParty;
        var isAnswered = isSpoken || disposition is Disposition.HungUp or Disposition.MachineMessageLeft or Disposition.MachineNoMessage;
        var facts = new ContactFacts
        {
            Placed = true,
            AddressReached = disposition is not (Disposition.NotInService or Disposition.NetworkFailure),
            Delivered = isSpoken || disposition is Disposition.HungUp or Disposition.MachineMessageLeft,
            Perceived = isSpoken || disposition == Disposition.HungUp,
            MessageLeft = disposition == Disposition.MachineMessageLeft,
            MessagePossible = isAnswered,
            TwoWay = isSpoken,
        };
        if (disposition == Disposition.RightParty) facts.SpokeWith = PartyRole.Principal;
        if (disposition is Disposition.ThirdParty or Disposition.WrongParty) facts.SpokeWith = PartyRole.ThirdParty;
        return facts;
    }

    private Conduct Message(string[] key, ContactChannel channel)
    {
        var conduct = new Conduct { Disposition = Disposition.Accepted, Facts = new ContactFacts { Placed = true } };
        var fate = Percent(key, "fate");
        if (channel == ContactChannel.Email && fate < 3) return conduct with { Receipts = [new(ReceiptKind.BouncedHard, After(key, "bounce", 5, 90), true)] };
        if (fate < 8) return conduct with { Receipts = [new(ReceiptKind.Failed, After(key, "failed", 20, 3_600), true)] };
        // Five in a hundred are never heard of again: they count as delivered until they settle.
        if (fate < 13) return conduct;
        var receipts = ImmutableArray.CreateBuilder<LaterReceipt>();
        var delivered = After(key, "delivered", 2, 1_200);
        var isRead = channel == ContactChannel.Whatsapp && Percent(key, "read") < 55;
        receipts.Add(new(ReceiptKind.Delivered, delivered, !isRead));
        if (isRead) receipts.Add(new(ReceiptKind.Read, delivered + After(key, "read_after", 30, 20_000), true));
        return conduct with
        {
            Receipts = receipts.ToImmutable(),
            Answer = channel == ContactChannel.Email ? Answer.None : Written(Percent(key, "wrote")),
            AnswerAfter = delivered + After(key, "wrote_after", 60, 10_000),
        };
    }

    private static Answer Written(int mark) => mark switch
    {
        < 1 => Answer.Stop,
        < 2 => Answer.Dispute,
        < 4 => Answer.Promise,
        < 7 => Answer.Conversation,
        _ => Answer.None,
    };

    private TimeSpan After(string[] key, string what, int fromSeconds, int toSeconds) =>
        TimeSpan.FromSeconds(StableHash.Between(fromSeconds, toSeconds, seed, [.. key, what]));

    private int Percent(string[] key, string what) => StableHash.Between(0, 99, seed, [.. key, what]);
}
