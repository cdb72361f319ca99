using System.Text;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Sharing;

/// <summary>What a debtor leaves in shared counters when a debt's key, an account, an id or the debtor goes: as long as it counts, and no longer.</summary>
public sealed class LeavingTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(8);

    [Fact]
    public async Task A_contact_counts_for_the_debt_that_it_was_about_after_the_accounts_key_is_corrected()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "debt"));
        await world.EnterAsync(Parties.Owing("a", "loan-1", "number-7"));
        await world.EnterAsync(Parties.Owing("b", "loan-2", "number-7"));
        await ContactAsync(world, "a");

        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("a", "loan-1", "number-8", version: 2))).Outcome);

        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
        await world.EnterAsync(Parties.Owing("c", "loan-3", "number-8"));
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "c")).Refusal);
    }

    [Fact]
    public async Task Its_own_cap_counts_what_was_about_the_former_debt_too()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "debt"));
        var entry = Parties.Owing("a", "loan-1", "number-7");
        await world.EnterAsync(entry);
        await ContactAsync(world, "a");
        var corrected = Parties.Owing("a", "loan-1", "number-8", version: 2);
        var other = corrected.Accounts[0].Clone();
        (other.AccountId, other.CountingDebtKey) = ("loan-2", "number-7");
        corrected.Accounts.Add(other);
        await world.EnterAsync(corrected);
        var explained = await Parties.ExplainAsync(world, "a");
        Assert.All(explained.Explanations, static one => Assert.NotEqual(V1.VerdictKind.Permit, one.Verdict.Kind));
    }

    [Fact]
    public async Task Once_its_contacts_count_no_more_the_debtor_leaves_the_former_debt_and_its_place_is_free()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "debt"));
        await world.EnterAsync(Parties.Owing("a", "loan-1", "number-7"));
        await world.EnterAsync(Parties.Owing("b", "loan-2", "number-7"));
        await ContactAsync(world, "a");
        await world.EnterAsync(Parties.Owing("a", "loan-1", "number-8", version: 2));
        Assert.Contains("a", await PartiesAsync(world, "debt", "number-7"));

        world.Time.AdvanceTo(world.Time.GetUtcNow() + (2 * Week));
        await world.Debtor("a").Wake(new WakeHint(0));
        await world.EnterAsync(Parties.Owing("a", "loan-1", "number-8", version: 3));

        Assert.Equal(["b"], await PartiesAsync(world, "debt", "number-7"));
        Assert.DoesNotContain("a", (await world.Store.FindLinksAsync(World.Tenant, LinkKind.CountingDebt, "number-7", Cancel)).Select(static key => key.Debtor));
    }

    [Fact]
    public async Task A_contact_counts_for_an_account_that_has_made_room_for_others()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "debt"));
        await world.EnterAsync(Parties.Owing("a", "loan", "number-7"));
        await world.EnterAsync(Parties.Owing("b", "loan-2", "number-7"));
        await ContactAsync(world, "a");
        var paid = Parties.Owing("a", "loan", "number-7", version: 2);
        paid.Accounts[0].Balance.Units = 0;
        await world.EnterAsync(paid);
        var more = Parties.Owing("a", "more-0", version: 3);
        for (var i = 1; i < 32; i++)
        {
            var one = more.Accounts[0].Clone();
            one.AccountId = $"more-{i}";
            more.Accounts.Add(one);
        }

        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(more)).Outcome);

        Assert.DoesNotContain("loan", (await world.StateAsync("a")).Accounts.Select(static account => account.AccountId));
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task A_merged_debtor_gives_its_place_in_a_counter_to_others_and_what_it_counted_stays()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        for (var i = 0; i < 16; i++) await world.EnterAsync(Parties.Owing("d" + i, "loan"));
        await ContactAsync(world, "d0");

        Assert.True((await world.Grains.GetGrain<IMergeGrain>($"{World.Tenant}/d0").Merge("d1")).Done);

        Assert.DoesNotContain("d0", await PartiesAsync(world, "debt", "loan"));
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "d2")).Refusal);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Parties.Owing("d16", "loan"))).Outcome);
        Assert.Equal(LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "d16")).Refusal);
    }

    [Fact]
    public async Task A_person_erased_leaves_counts_to_the_others_and_no_name()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account", days: 366), retention: NodaTime.Duration.FromDays(30));
        await world.EnterAsync(Parties.Owing("person-a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        await ContactAsync(world, "person-a");
        var paid = Parties.Owing("person-a", "loan", version: 2);
        paid.Accounts[0].Balance.Units = 0;
        await world.EnterAsync(paid);
        world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromDays(40));

        var erased = await world.Debtor("person-a").Erase(new EraseRequest("e1", "tests", "asked"));

        Assert.Empty(erased.Retained);
        Assert.DoesNotContain("person-a", await BytesAsync(world, "debt", "loan"), StringComparison.Ordinal);
        Assert.Equal("~", (await PartiesAsync(world, "debt", "loan")).Single(static party => party != "b")[..1]);
        var explained = await Parties.ExplainAsync(world, "b");
        Assert.Equal(1, explained.Explanations.SelectMany(static one => one.RuleResults).First(static rule => rule.RuleId == "CO.shared").Counter.ByOtherParties);

        world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromDays(400));
        await Parties.ExplainAsync(world, "b");
        Assert.Equal(["b"], await PartiesAsync(world, "debt", "loan"));
    }

    [Fact]
    public async Task A_person_erased_whose_contacts_count_no_more_leaves_nothing()
    {
        await using var world = await World.StartAsync(packs: Parties.Cap(1, "account"));
        await world.EnterAsync(Parties.Owing("person-a", "loan"));
        await world.EnterAsync(Parties.Owing("b", "loan"));
        var paid = Parties.Owing("person-a", "loan", version: 2);
        paid.Accounts[0].Balance.Units = 0;
        await world.EnterAsync(paid);
        world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromDays(1_500));

        Assert.Empty((await world.Debtor("person-a").Erase(new EraseRequest("e1", "tests", "asked"))).Retained);
        Assert.Equal(["b"], await PartiesAsync(world, "debt", "loan"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task ContactAsync(World world, string debtor)
    {
        var lease = await Parties.LeaseAsync(world, debtor);
        Assert.Equal(LeaseRefusal.None, lease.Refusal);
        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Entries.Placed(Parties.DispatchOf(lease), world.Time.GetUtcNow()))).Fate);
    }

    private static async Task<string> BytesAsync(World world, string kind, string id) =>
        Encoding.UTF8.GetString((await world.Store.Shared.ReadAsync(SharedKey.Parse($"{World.Tenant}/{kind}/{id}"), Cancel))!.State.Span);

    private static async Task<IEnumerable<string>> PartiesAsync(World world, string kind, string id) =>
        Storage.V1.SharedCounter.Parser.ParseFrom((await world.Store.Shared.ReadAsync(SharedKey.Parse($"{World.Tenant}/{kind}/{id}"), Cancel))!.State.Span)
            .Parties.Select(static party => party.Debtor);
}
