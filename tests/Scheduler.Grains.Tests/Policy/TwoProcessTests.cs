using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;

namespace Scheduler.Grains.Tests.Policy;

/// <summary>Two processes keep the rules of one database current: neither gets in the other's way, nor reads what it has no reason to.</summary>
public sealed class TwoProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_replans_the_one_whose_mark_comes_second_stops_and_loses_nothing()
    {
        await using var world = await World.StartWithPolicyAsync();
        foreach (var debtor in new[] { "d1", "d2", "d3" }) await world.EnterAsync(Entries.Reachable(debtor));
        await world.CloseAsync(new(2026, 3, 6));

        var pace = new HeldPace();
        var slow = new Replanner(world.Store, world.Grains, world.Get<IRuleSource>(), world.Time, world.Counters, new ReplanTerms(10), world.Get<KeyRing>());
        var late = slow.RunAsync(pace, Cancel);
        await pace.Held;
        await world.ReplanAsync();
        pace.LetGo();
        await late;

        var progress = await world.Get<PolicyHistory>().ReplanAsync(Cancel);
        Assert.Equal((3L, true), (progress!.Examined, progress.IsDone));
        await slow.RunAsync(pace, Cancel);
        Assert.Equal(progress, await world.Get<PolicyHistory>().ReplanAsync(Cancel));
    }

    [Fact]
    public async Task Rows_are_read_for_a_schedule_only_when_its_instant_has_come()
    {
        await using var world = await World.StartWithPolicyAsync();
        var settings = new CountedSettings(world.Store.Settings);
        using var policy = new PolicyBook(world.Policy().Archive, settings, world.Store.Epochs, world.Get<IRuleSource>(), world.Time);
        Assert.False(await policy.ApplyDueAsync(Cancel));
        await world.AddAsync(await world.UploadAsync(), NodaTime.Instant.FromDateTimeOffset(World.TuesdayTen.AddHours(1)));
        Assert.False(await policy.ApplyDueAsync(Cancel));
        Assert.Equal(0, settings.Lists);

        await world.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.True(await policy.ApplyDueAsync(Cancel));
        Assert.False(await policy.ApplyDueAsync(Cancel));
        Assert.Equal(1, settings.Lists);
    }

    /// <summary>Waits wherever it is asked to, until it is let go; a moment is as long as the next.</summary>
    private sealed class HeldPace : TimeProvider
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Held => _held.Task;

        public void LetGo() => _letGo.TrySetResult();

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _held.TrySetResult();
            _ = RingAsync(callback, state);
            return new Bell();
        }

        private async Task RingAsync(TimerCallback callback, object? state)
        {
            await _letGo.Task;
            await Task.Yield();
            callback(state);
        }

        private sealed class Bell : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class CountedSettings(ISettingsStore inner) : ISettingsStore
    {
        public int Lists { get; private set; }

        public Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default) => inner.WriteSettingAsync(write, cancellationToken);

        public Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default) => inner.ReadSettingAsync(key, cancellationToken);

        public Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default)
        {
            Lists++;
            return inner.ListSettingsAsync(prefix, cancellationToken);
        }

        public Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default) => inner.ListSettingVersionsAsync(key, cancellationToken);
    }
}
