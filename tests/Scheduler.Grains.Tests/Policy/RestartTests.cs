using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Tests.Policy;

/// <summary>What a start makes of what it finds: interrupted changes, another configuration, a replan half done.</summary>
public sealed class RestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_cut_short_between_its_row_and_its_epoch_is_finished_at_start()
    {
        var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        var row = (await world.Store.Settings.ReadSettingAsync("policy/force/*", Cancel))!;
        var epoch = (await world.Store.Epochs.ReadEpochsAsync(Cancel)).Policy;
        var cut = Stored.PolicyInForce.Parser.ParseFrom(row.Value.Span);
        cut.PackVersions.Add(version);
        cut.Epoch = epoch + 1;
        await world.Store.Settings.WriteSettingAsync(new SettingWrite(row.Key, row.Version, Google.Protobuf.MessageExtensions.ToByteArray(cut), "officer", "tests", 0), Cancel);

        await using var restarted = await world.RestartAsync();
        Assert.Equal(epoch + 1, (await restarted.Store.Epochs.ReadEpochsAsync(Cancel)).Policy);
        Assert.Contains(version, restarted.InForce());
    }

    [Fact]
    public async Task The_same_configuration_changes_nothing_at_a_restart()
    {
        var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        await world.AddAsync(version);
        var epochs = await world.Store.Epochs.ReadEpochsAsync(Cancel);

        await using var restarted = await world.RestartAsync();
        Assert.Equal(epochs, await restarted.Store.Epochs.ReadEpochsAsync(Cancel));
        Assert.Contains(version, restarted.InForce());
    }

    [Fact]
    public async Task Another_configured_mode_is_an_activation_by_the_configuration_and_keeps_what_was_added()
    {
        var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        await world.AddAsync(version);
        var epoch = (await world.Store.Epochs.ReadEpochsAsync(Cancel)).Policy;

        await using var restarted = await world.RestartAsync(new Dictionary<string, string> { ["CO"] = "CO.literal" });
        Assert.Equal(epoch + 1, (await restarted.Store.Epochs.ReadEpochsAsync(Cancel)).Policy);
        Assert.Contains(restarted.InForce(), static one => one.StartsWith("CO.literal@", StringComparison.Ordinal));
        Assert.DoesNotContain(restarted.InForce(), static one => one.StartsWith("CO.strict@", StringComparison.Ordinal));
        Assert.Contains(version, restarted.InForce());
        var last = (await restarted.Get<PolicyHistory>().ListsAsync("", Cancel))[0];
        Assert.Equal(("configuration", PolicyChange.Configured), (last.Actor, last.Value.Change));
    }

    [Fact]
    public async Task A_replan_goes_on_where_it_was()
    {
        var world = await World.StartWithPolicyAsync();
        for (var debtor = 0; debtor < 20; debtor++) await world.EnterAsync(Entries.Reachable($"d{debtor}"));
        await world.ReplanAsync();
        await world.CloseAsync(new NodaTime.LocalDate(2026, 3, 3));
        var before = (await world.Get<PolicyHistory>().ReplanAsync(Cancel))!;
        var half = new Stored.Replan { Epoch = before.Epoch + 1, Position = (await world.Store.Debtors.ScanAsync(null, 10, Cancel)).Next, Examined = 10, Moved = 7 };
        var row = (await world.Store.Settings.ReadSettingAsync("policy/replan", Cancel))!;
        await world.Store.Settings.WriteSettingAsync(new SettingWrite(row.Key, row.Version, Google.Protobuf.MessageExtensions.ToByteArray(half), "configuration", "replan", 0), Cancel);

        await using var restarted = await world.RestartAsync();
        await restarted.ReplanAsync();
        var after = (await restarted.Get<PolicyHistory>().ReplanAsync(Cancel))!;
        Assert.Equal((before.Epoch + 1, 20L, 17L, true), (after.Epoch, after.Examined, after.Moved, after.IsDone));
    }

    [Fact]
    public async Task Every_pack_that_was_ever_in_force_is_found_by_the_version_that_events_carry()
    {
        var world = await World.StartWithPolicyAsync();
        var version = await world.UploadAsync();
        await world.AddAsync(version);
        await world.RevertAsync();
        await world.CloseAsync(new NodaTime.LocalDate(2026, 3, 5));
        var closed = world.InForce().Single(static one => one.StartsWith("closed.CO@", StringComparison.Ordinal));
        await world.CloseAsync(new NodaTime.LocalDate(2026, 3, 6));

        await using var restarted = await world.RestartAsync();
        foreach (var one in new[] { version, closed })
        {
            var edition = await restarted.Policy().Archive.FindAsync(one, Cancel);
            Assert.Contains(one, edition!.Versions);
        }

        Assert.Contains("Duelo nacional", (await restarted.Policy().Archive.FindAsync(closed, Cancel))!.Definition.Text);
        Assert.Null(await restarted.Policy().Archive.FindAsync("CO.strict@000000000000", Cancel));
    }
}
