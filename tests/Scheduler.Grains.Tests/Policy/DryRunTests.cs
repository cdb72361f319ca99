using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Grains.Rules;
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
        Assert.Equal((3L, 2L, 0L, 1L), (result.Examined, result.Denied, result.Permitted, result.Revoked));
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
        Assert.Equal((2L, 0L), (back.Permitted, back.Denied));
        Assert.Equal("house.no_whatsapp", Assert.Single(back.Widening));
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
        await world.Debtor("d1").SeedContact(new Grains.Debtors.Submission(Spoken(World.TuesdayTen.AddHours(-1)).ToByteArray(), "tests"));
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
