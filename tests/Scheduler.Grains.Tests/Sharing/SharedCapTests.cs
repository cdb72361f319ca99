using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Sharing;

/// <summary>Debtors who owe one account, or are married, are counted together with the lease.</summary>
public sealed class SharedCapTests
{
    [Fact]
    public async Task Debtors_who_share_nothing_ask_no_shared_counter()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        for (var i = 0; i < 20; i++) await world.EnterAsync(Entries.Reachable("d" + i));
        for (var i = 0; i < 20; i++)
        {
            var dispatch = Parties.DispatchOf(await Parties.LeaseAsync(world, "d" + i));
            await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        }

        Assert.Equal(0, world.Store.Sharing.Calls);
    }

    [Fact]
    public async Task Of_two_debtors_of_one_account_one_is_contacted_where_one_contact_is_allowed()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("a", "loan"))).Outcome);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("b", "loan"))).Outcome);

        var leased = await Task.WhenAll(Parties.LeaseAsync(world, "a"), Parties.LeaseAsync(world, "b"));
        Assert.Single(leased, static lease => lease.Refusal == LeaseRefusal.None);
        Assert.Empty((await SharedLog.CheckAsync(world, 1, static _ => "loan")).Beyond);
    }

    [Fact]
    public async Task A_contact_made_before_the_second_debtor_entered_counts_for_both()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        var dispatch = Parties.DispatchOf(await Parties.LeaseAsync(world, "a"));
        await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task Accounts_that_share_a_debt_key_are_counted_together_in_whichever_order_they_come()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "debt"));
        await world.EnterAsync(Parties.Owing("a", "loan-1", "number-7"));
        await world.EnterAsync(Parties.Owing("b", "loan-2", "number-7"));
        await world.EnterAsync(Parties.Owing("c", "loan-3", "loan-1"));
        await world.EnterAsync(Parties.Owing("d", "loan-4"));
        await world.EnterAsync(Parties.Owing("e", "loan-5", "loan-4"));
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "a")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "c")).Refusal);
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "e")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "d")).Refusal);
    }

    [Fact]
    public async Task A_debtor_and_the_spouse_are_counted_together_also_where_only_one_says_so()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "household"));
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Married("wife", "husband"))).Outcome);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entries.Reachable("husband"))).Outcome);
        await world.EnterAsync(Entries.Reachable("neighbour"));
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "husband")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "wife")).Refusal);
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "neighbour")).Refusal);
    }

    [Fact]
    public async Task A_cap_kept_for_one_person_does_not_see_the_other()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "person, account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "a")).Refusal);
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task What_was_not_placed_gives_back_to_the_other_and_wakes_it()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        var dispatch = Parties.DispatchOf(await Parties.LeaseAsync(world, "a"));
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
        var before = (await world.StateAsync("b")).StateVersion;

        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Parties.NotPlaced(dispatch))).Fate);
        await Eventually.HoldsAsync(async () => (await world.StateAsync("b")).StateVersion > before);
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "b")).Refusal);
        Assert.Empty((await SharedLog.CheckAsync(world, 1, static _ => "loan")).Beyond);
    }

    [Fact]
    public async Task A_lease_that_is_to_be_confirmed_counts_for_the_other_from_its_confirmation()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        var one = Parties.DispatchOf(await Parties.LeaseAsync(world, "a", confirm: true));
        var two = Parties.DispatchOf(await Parties.LeaseAsync(world, "b", confirm: true));
        var went = await Task.WhenAll(ConfirmAsync(world, one), ConfirmAsync(world, two));
        Assert.Single(went, static answer => answer.Go);
        Assert.Empty((await SharedLog.CheckAsync(world, 1, static _ => "loan")).Beyond);
    }

    [Fact]
    public async Task An_inbound_conversation_of_one_closes_the_other_before_it_is_acknowledged()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        var signal = new V1.Signal
        {
            SignalId = "s1",
            OccurTime = Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()),
            Channel = V1.ContactChannel.Whatsapp,
            Inbound = new V1.Inbound { Intent = V1.InboundIntent.Conversation, TwoWay = true },
        };
        Assert.True((await world.Debtor("a").RecordSignal(new Submission(signal.ToByteArray(), "tests"))).Recorded);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task An_explanation_counts_the_others_contacts_and_names_nobody()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(2, "account"));
        await world.EnterAsync(Parties.Owing("a-secret", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        await Parties.LeaseAsync(world, "a-secret");
        var explained = await Parties.ExplainAsync(world, "b");
        var counter = explained.Explanations.SelectMany(static one => one.RuleResults).First(static rule => rule.RuleId == "CO.shared").Counter;
        Assert.Equal((1, 1, 2), (counter.Counted, counter.ByOtherParties, counter.Limit));
        Assert.DoesNotContain("secret", explained.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_debtors_than_a_counter_holds_are_turned_away()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        for (var i = 0; i < 16; i++) Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("d" + i, "loan"))).Outcome);
        var refused = await world.EnterAsync(Parties.Owing("d16", "loan"));
        Assert.Equal((EntryOutcome.Rejected, "LIMIT_REACHED"), (refused.Outcome, refused.Fault?.Reason));
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("d3", "loan", version: 2))).Outcome);
    }

    private static Task<ConfirmAnswer> ConfirmAsync(World world, V1.Dispatch dispatch) =>
        world.Debtor(dispatch.DebtorId).Confirm(new LeaseClaim("wa-1", dispatch.DispatchId, dispatch.LeaseToken.Memory));
}
