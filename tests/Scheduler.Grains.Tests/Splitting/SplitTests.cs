using Google.Protobuf;
using Scheduler.Domain.Consent;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Splitting;
using Scheduler.Grains.Tests.Sharing;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Splitting;

public sealed class SplitTests
{
    private static readonly SplitOrder Cards = new("b", ["card"], ["second"], "r1", IsTaken: false);

    private static Task<ItemAnswer> SplitAsync(World world, SplitOrder? order = null, string debtor = "a") =>
        world.Grains.GetGrain<ISplitGrain>($"{World.Tenant}/{debtor}").Split(order ?? Cards);

    /// <summary>Two accounts of two creditors and two phones under one id.</summary>
    private static async Task<World> StartAsync(Func<World, Task>? before = null)
    {
        var world = await World.StartAsync();
        await EnterAsync(world);
        if (before is not null) await before(world);
        return world;
    }

    private static async Task EnterAsync(World world, string debt = "")
    {
        var entry = Entries.Reachable("a");
        var card = entry.Accounts[0].Clone();
        (card.AccountId, card.CreditorId, card.CountingDebtKey) = ("card", "shop", debt);
        entry.Accounts[0].CountingDebtKey = debt;
        entry.Accounts.Add(card);
        var second = entry.ContactPoints.Points[0].Clone();
        (second.PointId, second.Address) = ("second", "+573007654321");
        entry.ContactPoints.Points.Add(second);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(entry)).Outcome);
    }

    private static Submission Stop(string id = "stop") => new(Entries.Withdrawal(id, World.TuesdayTen).ToByteArray(), "tests");

    private static async Task<string[]> ListersAsync(World world, string address) =>
        await FoundAsync(world, world.Get<Writing.AddressBook>().LinkOf(World.Tenant, address));

    private static async Task<string[]> FoundAsync(World world, DebtorLink link) =>
        [.. (await world.Store.FindLinksAsync(World.Tenant, link.Kind, link.Key, TestContext.Current.CancellationToken)).Select(static key => key.Debtor)];

    /// <summary>A pull answers as soon as there is something: who is offered a moment later comes with the next.</summary>
    private static async Task<V1.Dispatch[]> PullBothAsync(World world)
    {
        var first = await world.PullAsync(world.Order());
        return first.Length > 1 ? [.. first] : [.. first, .. await world.PullAsync(world.Order())];
    }

    private static async Task AssertSplitAsync(World world)
    {
        Assert.Equal(["account-of-a"], (await world.StateAsync("a")).Accounts.Select(static a => a.AccountId));
        Assert.Equal(["card"], (await world.StateAsync("b")).Accounts.Select(static a => a.AccountId));
        Assert.Equal(["a"], await FoundAsync(world, new DebtorLink(LinkKind.Account, "account-of-a")));
        Assert.Equal(["b"], await FoundAsync(world, new DebtorLink(LinkKind.Account, "card")));
        Assert.Equal(["a"], await ListersAsync(world, "+573001234567"));
        Assert.Equal(["b"], await ListersAsync(world, "+573007654321"));
        Assert.True((await world.Store.ReadTallyAsync(World.Tenant, TestContext.Current.CancellationToken)).IsConserved);
    }

    [Fact]
    public async Task A_split_debtor_is_two_debtors_with_accounts_and_addresses_of_their_own()
    {
        await using var world = await StartAsync();
        var first = await SplitAsync(world);
        var again = await SplitAsync(world);

        Assert.Equal((true, false), (first.Done, first.Duplicate));
        Assert.Equal((true, true), (again.Done, again.Duplicate));
        await AssertSplitAsync(world);
        var dispatches = await PullBothAsync(world);
        Assert.Equal(["a", "b"], dispatches.Select(static d => d.DebtorId).Order());
        Assert.Equal(["card"], dispatches.Single(static d => d.DebtorId == "b").Accounts.Select(static x => x.AccountId));
    }

    [Fact]
    public async Task A_lease_is_withdrawn_and_what_may_have_been_placed_counts_for_both()
    {
        await using var world = await StartAsync();
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        Assert.True((await SplitAsync(world)).Done);

        await AssertSplitAsync(world);
        // Colombia's one contact of the day has been made, for whichever of the two it was.
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        Assert.Equal(FactFate.RecordedStale, (await world.ReportAsync(Entries.Placed(dispatch, World.TuesdayTen, "wamid.1"))).Fate);
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_crash_before_any_write_leaves_no_account_with_both_and_is_taken_up_again(int write)
    {
        var world = await StartAsync();
        var count = 0;
        world.Store.BeforeWrite = _ =>
        {
            if (++count == write) throw new StorageUnavailableException("crash");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => SplitAsync(world));
        world.Store.BeforeWrite = null;
        await using var restarted = await world.RestartAsync();

        if (write == 1) Assert.True((await SplitAsync(restarted)).Done);
        else if (write < 4) Assert.Equal("DEBTOR_SPLITTING", (await restarted.Debtor("a").RecordSignal(Stop())).Fault?.Reason);
        if (write > 2) Assert.Equal("DEBTOR_SPLITTING", (await restarted.Debtor("b").RecordSignal(Stop())).Fault?.Reason);
        if (write > 1)
        {
            await restarted.AdvanceAsync(TimeSpan.FromSeconds(31));
            await Eventually.HoldsAsync(async () => (await restarted.Debtor("b").RecordSignal(new Submission(Nothing("late"), "tests"))).Fault is null);
        }

        await AssertSplitAsync(restarted);
        Assert.Equal(["a", "b"], (await PullBothAsync(restarted)).Select(static d => d.DebtorId).Order());
    }

    private static ReadOnlyMemory<byte> Nothing(string id) => new V1.Signal
    {
        SignalId = id,
        OccurTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(World.TuesdayTen),
        Consent = Entries.Consent("granted-" + id, V1.ConsentKind.Granted, World.TuesdayTen),
    }.ToByteArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_lost_answer_of_any_write_is_taken_up_again(int write)
    {
        await using var world = await StartAsync();
        var count = 0;
        world.Store.AfterWrite = _ =>
        {
            if (++count == write) throw new StorageOutcomeUnknownException("lost");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => SplitAsync(world));
        world.Store.AfterWrite = null;

        Assert.True((await SplitAsync(world)).Done);
        await AssertSplitAsync(world);
    }

    [Fact]
    public async Task An_id_that_is_somebodys_or_an_alias_is_refused_and_nothing_is_changed()
    {
        await using var world = await StartAsync();
        await world.EnterAsync(Entries.Reachable("c"));
        await world.EnterAsync(Entries.Reachable("d"));
        Assert.True((await world.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/d").Merge("c")).Done);

        Assert.Equal("DEBTOR_EXISTS", (await SplitAsync(world, Cards with { NewDebtor = "c" })).Fault?.Reason);
        Assert.Equal("DEBTOR_EXISTS", (await SplitAsync(world, Cards with { NewDebtor = "d" })).Fault?.Reason);
        Assert.Equal("ALREADY_MERGED", (await SplitAsync(world, debtor: "d")).Fault?.Reason);
        Assert.Equal("DEBTOR_NOT_FOUND", (await SplitAsync(world, debtor: "nobody")).Fault?.Reason);
        Assert.True((await world.Debtor("a").RecordSignal(Stop())).Recorded);
    }

    [Fact]
    public async Task An_address_that_said_stop_is_bound_at_the_new_debtor_too()
    {
        await using var world = await StartAsync();
        var learned = new AddressLesson(
            [new AddressFact(AddressFactKind.Stopped, Domain.Debtors.ContactChannel.Whatsapp, NodaTime.Instant.FromDateTimeOffset(World.TuesdayTen))], []);
        await world.Get<Writing.AddressBook>().LearnAsync(World.Tenant, "+573007654321", learned);
        Assert.True((await SplitAsync(world)).Done);

        Assert.Equal(["a"], (await world.PullAsync(world.Order())).Select(static d => d.DebtorId));
    }

    [Fact]
    public async Task Who_owes_a_debt_with_the_one_counts_with_the_other_after_the_split_and_each_contact_once()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(2, "debt"));
        await EnterAsync(world, debt: "loan");
        await world.EnterAsync(Parties.Owing("c", "account-of-c", "loan"));
        var placed = await Parties.LeaseAsync(world, "a");
        await world.ReportAsync(Entries.Placed(Parties.DispatchOf(placed), World.TuesdayTen));
        Assert.True((await SplitAsync(world)).Done);

        // One of two is made, and stands at both: there is one more for the three of them.
        Assert.Equal(LeaseRefusal.None, (await Parties.LeaseAsync(world, "b")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "c")).Refusal);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "a")).Refusal);
    }
}
