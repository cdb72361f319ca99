using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.Sharing;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Policy;

/// <summary>What is said of a change before it is made, against what the change then does.</summary>
public sealed class DryRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_counts_what_an_activation_then_closes_and_changes_nothing()
    {
        await using var world = await World.StartWithPolicyAsync();
        for (var debtor = 0; debtor < 3; debtor++) await world.EnterAsync(Entries.Reachable($"d{debtor}"));
        Assert.Single(await world.PullAsync(world.Order(count: 1)));
        var version = await world.UploadAsync();
        var list = await world.Policy().ReadAsync("", Cancel);

        var result = await RunAsync(world, [.. list.Versions, version]);
        Assert.Equal((3L, 2L, 0L, 1L), (result.Examined, result.Moved(DryRunStanding.Permitted, DryRunStanding.Denied), result.Moved(DryRunStanding.Denied, DryRunStanding.Permitted), result.Revoked));
        Assert.Equal(2, result.DeniedBy["house.no_whatsapp"]);
        Assert.Empty(result.Widening);
        Assert.Equal(2, result.Examples.Count);
        Assert.DoesNotContain(version, world.InForce());
        Assert.Equal(list.Row, (await world.Policy().ReadAsync("", Cancel)).Row);

        await world.AddAsync(version);
        await world.ReplanAsync();
        Assert.Equal(result.Revoked, (await world.Get<PolicyHistory>().ReplanAsync(Cancel))!.Revoked);
        Assert.Empty(await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero }));

        var back = await RunAsync(world, list.Versions);
        Assert.Equal((2L, 0L), (back.Moved(DryRunStanding.Denied, DryRunStanding.Permitted), back.Moved(DryRunStanding.Permitted, DryRunStanding.Denied)));
        Assert.Equal("house.no_whatsapp", Assert.Single(back.Widening));
    }

    [Fact]
    public async Task Who_may_be_contacted_now_and_would_have_to_wait_is_deferred_and_not_denied()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var list = await world.Policy().ReadAsync("", Cancel);
        var afternoons = await world.UploadAsync("""
            schema: 2
            packs:
              - id: house.afternoons
                overlay: true
                applies: {country: CO}
                rules:
                  - {id: house.afternoons, type: window, week: {all: "14:00-16:00"}, source: "house rule", source_kind: design}
            """);

        var result = await RunAsync(world, [.. list.Versions, afternoons]);
        Assert.Equal((1L, 0L, 1L, 0L), (result.Moved(DryRunStanding.Permitted, DryRunStanding.Deferred), result.Moved(DryRunStanding.Permitted, DryRunStanding.Denied), result.Later, result.Earlier));
        Assert.Equal(("house.afternoons", 1L), (Assert.Single(result.DeferredBy).Key, result.DeferredBy["house.afternoons"]));
        Assert.Empty(result.DeniedBy);
        Assert.Single(result.Examples);

        await world.AddAsync(afternoons);
        var back = await RunAsync(world, list.Versions);
        Assert.Equal((1L, 1L, 0L), (back.Moved(DryRunStanding.Deferred, DryRunStanding.Permitted), back.Earlier, back.Later));
        Assert.Equal("house.afternoons", Assert.Single(back.PermittedBy).Key);
        Assert.Equal("house.afternoons", Assert.Single(back.Widening));

        var never = await world.UploadAsync();
        var closed = await RunAsync(world, [.. list.Versions, afternoons, never]);
        Assert.Equal((1L, 0L), (closed.Moved(DryRunStanding.Deferred, DryRunStanding.Denied), closed.Moved(DryRunStanding.Permitted, DryRunStanding.Denied)));
        Assert.Equal("house.no_whatsapp", Assert.Single(closed.DeniedBy).Key);
    }

    [Fact]
    public async Task Contacts_with_other_parties_of_the_account_are_counted()
    {
        await using var world = await World.StartWithPolicyAsync();
        foreach (var party in new[] { "a", "b" })
        {
            await world.EnterAsync(Parties.Owing(party, "loan"));
        }

        var dispatch = Parties.DispatchOf(await Parties.LeaseAsync(world, "a"));
        await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        var list = await world.Policy().ReadAsync("", Cancel);
        var cap = await world.UploadAsync("""
            schema: 2
            packs:
              - id: house.one_per_account
                overlay: true
                applies: {country: CO}
                rules:
                  - {id: house.one_per_account, type: cap, limit: 1, period: {local_days: 7}, scope: [account], counts: {placed: true}, source: "house rule", source_kind: design}
            """);

        var result = await RunAsync(world, [.. list.Versions, cap]);
        Assert.Equal(1, result.DeferredBy["house.one_per_account"]);
        Assert.Equal("b", Assert.Single(result.Examples).Debtor.Debtor);

        await world.AddAsync(cap);
        await world.ReplanAsync();
        Assert.Equal(Grains.Debtors.LeaseRefusal.NotPermitted, (await Parties.LeaseAsync(world, "b")).Refusal);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_counted_and_named_and_ends_nothing()
    {
        await using var world = await World.StartWithPolicyAsync();
        foreach (var debtor in new[] { "d1", "d2", "d3" }) await world.EnterAsync(Entries.Reachable(debtor));
        world.Store.Reading = static row => row.Key.Debtor switch
        {
            "d1" => row with { State = new byte[] { 0x0A, 0xFF } },
            "d3" => row with { State = row.State[..^1] },
            _ => row,
        };
        var list = await world.Policy().ReadAsync("", Cancel);

        var result = await RunAsync(world, [.. list.Versions, await world.UploadAsync()]);
        Assert.Equal((1L, 2L, 1L), (result.Examined, result.Unreadable, result.Moved(DryRunStanding.Permitted, DryRunStanding.Denied)));
        Assert.Equal(["d1", "d3"], result.UnreadableDebtors.Select(static key => key.Debtor).Order());
    }

    [Fact]
    public async Task Who_takes_the_list_of_everybody_keeps_the_dates_of_its_own_in_a_dry_run_for_everybody()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.Policy().CloseDatesAsync(PolicyChanges.Order(tenant: World.Tenant), [new(new LocalDate(2026, 3, 3), "CO", "", "", "Duelo", "Decreto 7")], Cancel);
        var list = await world.Policy().ReadAsync("", Cancel);

        var result = await RunAsync(world, [.. list.Versions, await world.UploadAsync()]);
        Assert.Equal((1L, 0L, 1L), (result.Examined, result.Moved(DryRunStanding.Permitted, DryRunStanding.Denied), result.Moved(DryRunStanding.Deferred, DryRunStanding.Denied)));
    }

    [Fact]
    public async Task A_debtor_deferred_by_a_cap_is_due_earlier_after_a_widening()
    {
        await using var world = await World.StartWithPolicyAsync();
        var list = await world.Policy().ReadAsync("", Cancel);
        await world.AddAsync(await world.UploadAsync("""
            schema: 2
            packs:
              - id: house.two_days
                overlay: true
                applies: {country: CO}
                rules:
                  - {id: house.two_days, type: closed_until, counts: {predicate: contact}, scope: [person], until: {local_days: 2}, source: "house rule"}
            """));
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.Debtor("d1").SeedContacts([new Grains.Debtors.Submission(Spoken(World.TuesdayTen.AddHours(-1)).ToByteArray(), "tests")]);
        // Thursday and Wednesday, seven in the morning in Bogota.
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 12, 0, 0, TimeSpan.Zero), (await world.StateAsync("d1")).WakeTime.ToDateTimeOffset());

        var result = await RunAsync(world, list.Versions);
        Assert.Equal((1L, 0L), (result.Earlier, result.Later));
        Assert.Equal("house.two_days", Assert.Single(result.Widening));
        await world.RevertAsync();
        await world.ReplanAsync();
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero), (await world.StateAsync("d1")).WakeTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task A_date_closed_for_a_region_closes_that_region_alone()
    {
        await using var world = await World.StartWithPolicyAsync();
        foreach (var region in new[] { "DC", "ANT" })
        {
            var entry = Entries.Reachable(region);
            entry.Profile.Locations[0].RegionCode = region;
            await world.EnterAsync(entry);
        }

        await world.Policy().CloseDatesAsync(PolicyChanges.Order(), [new(new LocalDate(2026, 3, 3), "CO", "DC", "", "Duelo", "Decreto 7")], Cancel);
        await world.ReplanAsync();
        Assert.Equal("ANT", Assert.Single(await world.PullAsync(world.Order())).DebtorId);
    }

    private static V1.ExternalContact Spoken(DateTimeOffset at) => new()
    {
        ExternalContactId = "elsewhere",
        DebtorId = "d1",
        Channel = V1.ContactChannel.Whatsapp,
        Purpose = V1.ContactPurpose.Collection,
        PlaceTime = Timestamp.FromDateTimeOffset(at),
        Facts = new V1.ContactFacts { Placed = true, Delivered = true },
    };

    private static Task<DryRunCount> RunAsync(World world, System.Collections.Immutable.ImmutableArray<string> versions) =>
        world.Get<PolicyDryRun>().RunAsync(new DryRunOrder("", versions, 1, 20), static _ => Task.CompletedTask, Cancel);
}
