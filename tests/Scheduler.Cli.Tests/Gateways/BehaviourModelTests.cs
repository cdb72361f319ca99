using Scheduler.Cli.Gateways;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Gateways;

/// <summary>What happens to a dispatch follows from the seed and the dispatch, and from nothing else.</summary>
public sealed class BehaviourModelTests
{
    [Fact]
    public void The_same_dispatch_goes_the_same_way_in_any_order_and_under_any_id()
    {
        var model = new BehaviourModel(7);
        var forwards = Enumerable.Range(0, 200).Select(i => model.Of(Call(i, "first"))).ToList();
        var backwards = Enumerable.Range(0, 200).Reverse().Select(i => new BehaviourModel(7).Of(Call(i, "second"))).Reverse().ToList();
        Assert.Equal(forwards.Select(conduct => (conduct.Disposition, conduct.Answer)), backwards.Select(conduct => (conduct.Disposition, conduct.Answer)));
    }

    [Fact]
    public void Another_seed_goes_another_way() =>
        Assert.NotEqual(Enumerable.Range(0, 200).Select(i => new BehaviourModel(1).Of(Call(i, "x")).Disposition), Enumerable.Range(0, 200).Select(i => new BehaviourModel(2).Of(Call(i, "x")).Disposition));

    [Fact]
    public void A_fifth_of_calls_reach_the_right_party_and_a_third_of_those_promise()
    {
        var model = new BehaviourModel(1);
        var calls = Enumerable.Range(0, 10_000).Select(i => model.Of(Call(i, "x"))).ToList();
        var right = calls.Where(conduct => conduct.Disposition == Disposition.RightParty).ToList();
        Assert.InRange(right.Count, 1_850, 2_250);
        Assert.InRange(right.Count(conduct => conduct.Answer == Answer.Promise) / (double)right.Count, 0.30, 0.38);
        Assert.All(right, conduct => Assert.True(conduct.Facts is { TwoWay: true, SpokeWith: PartyRole.Principal }));
    }

    [Fact]
    public void Messages_are_delivered_by_receipts_that_come_later_and_end_with_a_final_one()
    {
        var model = new BehaviourModel(1);
        var messages = Enumerable.Range(0, 1_000).Select(i => model.Of(Message(i))).Where(conduct => conduct.NotPlaced is null).ToList();
        Assert.All(messages, conduct => Assert.Equal(Disposition.Accepted, conduct.Disposition));
        Assert.All(messages.Where(conduct => conduct.Receipts.Length > 0), conduct => Assert.True(conduct.Receipts[^1].IsFinal));
        Assert.InRange(messages.Count(conduct => conduct.Receipts.Any(receipt => receipt.Kind == ReceiptKind.Delivered)), 800, 900);
    }

    private static Dispatch Call(int i, string id) => Of(i, id, ContactChannel.Call);

    private static Dispatch Message(int i) => Of(i, "x", ContactChannel.Whatsapp);

    private static Dispatch Of(int i, string id, ContactChannel channel) => new()
    {
        DispatchId = $"{id}-{i}",
        DebtorId = $"d-{i}",
        Channel = channel,
        DeliveryCount = 1,
        Plan = new PlanState { AccountId = $"a-{i}", StepId = "s1" },
    };
}
