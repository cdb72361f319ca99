using Google.Protobuf;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Policy;

/// <summary>A change of the rules in force: at once, at its instant, undone, interrupted.</summary>
public sealed class ActivationTests
{
    private static readonly LocalDate Today = new(2026, 3, 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_whose_epoch_was_not_reached_is_in_force_before_its_repeat_is_answered()
    {
        await using var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        var list = await world.Policy().ReadAsync("", Cancel);
        world.Store.BeforeAdvance = static () => throw new StorageUnavailableException("away");
        Task<PolicyAnswer> ActivateAsync() => world.Policy().ActivateAsync(PolicyChanges.Order("r1"), [.. list.Versions, version], list.Row, null, Cancel);
        await Assert.ThrowsAsync<StorageUnavailableException>(ActivateAsync);
        Assert.DoesNotContain(version, world.InForce());

        world.Store.BeforeAdvance = null;
        Assert.Equal(PolicyRefusal.None, (await ActivateAsync()).Refusal);
        Assert.Contains(version, world.InForce());
    }

    [Fact]
    public async Task The_upkeep_finishes_what_the_store_cut_short()
    {
        await using var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        world.Store.BeforeAdvance = static () => throw new StorageUnavailableException("away");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => world.AddAsync(version));
        world.Store.BeforeAdvance = null;
        await world.Policy().ApplyDueAsync(Cancel);
        await world.Get<IRuleSource>().RefreshAsync(Cancel);
        Assert.Contains(version, world.InForce());
    }

    [Fact]
    public async Task The_text_of_a_release_uploaded_by_a_tenant_stays_everybodys()
    {
        await using var world = await World.StartWithPolicyAsync();
        var shipped = world.Policy().Archive.Shelf.Shipped.First(static edition => edition.Versions.Length > 0);
        await world.Policy().Archive.KeepAsync(PackEdition.Of(shipped.Definition) with { Tenant = "acme" }, "officer", "tests", 0, Cancel);
        var found = (await world.Policy().Archive.FindAsync(shipped.Versions[0], Cancel))!;
        Assert.True(found.IsShipped);
        Assert.Equal("", found.Tenant);
    }

    [Fact]
    public async Task What_was_offered_before_a_rule_came_is_not_leased_after_it()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.Grains.RouseShardsAsync(sweep: true);
        var answer = await world.AddAsync(await world.UploadAsync());

        Assert.Equal(PolicyRefusal.None, answer.Refusal);
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        await world.ReplanAsync();
        var row = (await world.Store.Debtors.ReadAsync(new DebtorKey(World.Tenant, "d1"), Cancel))!;
        Assert.Null(row.DueAt);
    }

    [Fact]
    public async Task A_revert_brings_the_former_list_back_and_a_blocked_debtor_to_life()
    {
        await using var world = await World.StartWithPolicyAsync();
        var before = world.InForce();
        await world.AddAsync(await world.UploadAsync());
        await world.EnterAsync(Entries.Reachable("d1"));
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));

        Assert.Equal(PolicyRefusal.None, (await world.RevertAsync()).Refusal);
        Assert.Equal(before, world.InForce());
        await world.ReplanAsync();
        Assert.Equal("d1", Assert.Single(await world.PullAsync(world.Order())).DebtorId);
    }

    [Fact]
    public async Task A_lease_that_the_new_rules_forbid_is_withdrawn()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await world.AddAsync(await world.UploadAsync());
        await world.ReplanAsync();

        var held = await world.Debtor("d1").ListLease(new Grains.Debtors.LeaseHolder("wa-1", "", ""));
        Assert.Equal(dispatch.DispatchId, held.Revocation?.DispatchId);
        Assert.Equal("RULE_CHANGED", held.Revocation?.Reason);
        var progress = await world.Get<PolicyHistory>().ReplanAsync(Cancel);
        Assert.Equal((1L, 1L, true), (progress!.Examined, progress.Revoked, progress.IsDone));
    }

    [Fact]
    public async Task A_lease_that_the_new_rules_permit_stands()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        Assert.Single(await world.PullAsync(world.Order()));
        await world.CloseAsync(Today.PlusDays(3));
        await world.ReplanAsync();
        Assert.Null((await world.Debtor("d1").ListLease(new Grains.Debtors.LeaseHolder("wa-1", "", ""))).Revocation);
    }

    [Fact]
    public async Task A_date_closed_while_running_refuses_at_once_and_moves_the_wake_past_it()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.CloseAsync(Today);

        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        await world.ReplanAsync();
        var row = (await world.Store.Debtors.ReadAsync(new DebtorKey(World.Tenant, "d1"), Cancel))!;
        // Wednesday, seven in the morning in Bogota.
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), row.DueAt);

        await world.Policy().OpenDatesAsync(PolicyChanges.Order(), [new(Today, "CO", "", "", "", "")], Cancel);
        await world.ReplanAsync();
        Assert.Single(await world.PullAsync(world.Order()));
    }

    [Fact]
    public async Task A_closed_date_makes_no_country_known()
    {
        await using var world = await World.StartWithPolicyAsync();
        var entry = Entries.Reachable("d1");
        entry.Profile.Locations[0].CountryCode = "AQ";
        entry.Profile.Locations[0].ZoneId = "Antarctica/Troll";

        // Without the pack for everywhere else nobody speaks for the country.
        var list = await world.Policy().ReadAsync("", Cancel);
        var known = list.Versions.Where(static version => !version.StartsWith("DEFAULT.", StringComparison.Ordinal)).ToList();
        Assert.NotEqual(list.Versions.Length, known.Count);
        Assert.Equal(PolicyRefusal.None, (await world.Policy().ActivateAsync(PolicyChanges.Order(), [.. known], list.Row, null, Cancel)).Refusal);
        await world.EnterAsync(entry);

        // The overlay of tomorrow's date is in force today, and closes nothing today.
        Assert.Equal(PolicyRefusal.None, (await world.CloseAsync(Today.PlusDays(1), "AQ")).Refusal);
        await world.ReplanAsync();
        Assert.Contains(world.InForce(), static version => version.StartsWith("closed.AQ@", StringComparison.Ordinal));
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        var explained = V1.ExplainDebtorResponse.Parser.ParseFrom((await world.Debtor("d1").Explain(new V1.ExplainDebtorRequest().ToByteArray())).Body.Span);
        Assert.Contains(explained.Explanations, static one => one.Verdict.DecidingRuleId == "pack.unknown");

        // With that pack it is the one that speaks there, and nothing else stood in the way.
        var without = await world.Policy().ReadAsync("", Cancel);
        Assert.Equal(PolicyRefusal.None, (await world.Policy().ActivateAsync(PolicyChanges.Order(digest: 2), list.Versions, without.Row, null, Cancel)).Refusal);
        await world.ReplanAsync();
        Assert.Single(await world.PullAsync(world.Order()));
    }

    [Fact]
    public async Task A_scheduled_list_decides_from_its_instant_on_whether_or_not_anybody_wrote_it_down()
    {
        await using var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        await world.AddAsync(version, Instant.FromDateTimeOffset(World.TuesdayTen.AddHours(1)));
        Assert.DoesNotContain(version, world.InForce());
        await world.EnterAsync(Entries.Reachable("d1"));

        await world.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Contains(version, world.InForce());
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));
        Assert.True(await world.Policy().ApplyDueAsync(Cancel));
        Assert.False(await world.Policy().ApplyDueAsync(Cancel));
        var list = await world.Policy().ReadAsync("", Cancel);
        Assert.Equal((PolicyChange.TookEffect, null), (list.Change, list.Schedule));
    }

    [Fact]
    public async Task A_revert_gives_up_what_is_scheduled_first()
    {
        await using var world = await World.StartWithPolicyAsync();
        var before = world.InForce();
        await world.AddAsync(await world.UploadAsync(), Instant.FromDateTimeOffset(World.TuesdayTen.AddHours(1)));
        await world.RevertAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(before, world.InForce());
        Assert.Equal(PolicyRefusal.NothingToRevert, (await world.RevertAsync()).Refusal);
    }

    [Fact]
    public async Task A_list_that_was_read_before_another_change_is_refused()
    {
        await using var world = await World.StartWithPolicyAsync();
        var list = await world.Policy().ReadAsync("", Cancel);
        await world.AddAsync(await world.UploadAsync());
        var late = await world.Policy().ActivateAsync(PolicyChanges.Order(), list.Versions, list.Row, null, Cancel);
        Assert.Equal((PolicyRefusal.EtagMismatch, list.Row + 1), (late.Refusal, late.Etag));
    }

    [Fact]
    public async Task A_repeated_request_changes_nothing_and_gets_the_same_answer()
    {
        await using var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        var list = await world.Policy().ReadAsync("", Cancel);
        var first = await world.Policy().ActivateAsync(PolicyChanges.Order("r1"), [.. list.Versions, version], list.Row, null, Cancel);
        await world.CloseAsync(Today.PlusDays(1));
        var again = await world.Policy().ActivateAsync(PolicyChanges.Order("r1"), [.. list.Versions, version], list.Row, null, Cancel);
        var other = await world.Policy().ActivateAsync(PolicyChanges.Order("r1", digest: 2), list.Versions, list.Row + 1, null, Cancel);

        Assert.Equal((first.Etag, first.Epoch), (again.Etag, again.Epoch));
        Assert.Equal(PolicyRefusal.KeyReused, other.Refusal);
    }

    [Fact]
    public async Task A_tenant_with_a_list_of_its_own_leaves_the_others_as_they_are()
    {
        await using var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        await world.AddAsync(version, tenant: "another");
        Assert.DoesNotContain(version, world.InForce());
        Assert.Contains(world.Get<IRuleSource>().For("another", Instant.FromDateTimeOffset(World.TuesdayTen)).Context.Policy.Packs, pack => pack.Version == version);
    }

    [Fact]
    public async Task Two_modes_of_one_family_are_refused()
    {
        await using var world = await World.StartWithPolicyAsync();
        var literal = world.Policy().Archive.Shelf.Shipped.SelectMany(static edition => edition.Versions).Single(static version => version.StartsWith("CO.literal@", StringComparison.Ordinal));
        var answer = await world.AddAsync(literal);
        Assert.Equal(PolicyRefusal.DoesNotCompile, answer.Refusal);
        Assert.Contains("one family", Assert.Single(answer.Problems).Message);
    }
}
