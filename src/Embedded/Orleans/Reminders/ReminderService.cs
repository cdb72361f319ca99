using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Embedded;
using Orleans.Hosting;

namespace Orleans.Reminders;

/// <summary>Keeps a clock for every stored reminder and registers new ones in the store first.</summary>
internal sealed class ReminderService(Silo silo, IReminderStore store, TimeProvider time, ILogger<ReminderService> logger)
    : IReminderRegistry, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(GrainId GrainId, string Name), ReminderClock> _clocks = new();
    private bool _ticking;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<ReminderService>(ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public async Task<IGrainReminder> RegisterOrUpdateAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < ShortestPeriod) throw new ArgumentException($"A reminder's period is at least {ShortestPeriod}; {period} is shorter.", nameof(period));
        var row = new ReminderRow(grainId.Type.ToString(), grainId.Key.ToString(), name, time.GetUtcNow() + dueTime, period);
        await store.UpsertAsync(row, CancellationToken.None);
        SetClock(grainId, row);
        return new Reminder(name);
    }

    public async Task<IGrainReminder?> FindAsync(GrainId grainId, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var row = await store.FindAsync(grainId.Type.ToString(), grainId.Key.ToString(), name, CancellationToken.None);
        return row is null ? null : new Reminder(row.Name);
    }

    public async Task UnregisterAsync(GrainId grainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        await store.RemoveAsync(grainId.Type.ToString(), grainId.Key.ToString(), reminder.ReminderName, CancellationToken.None);
        if (_clocks.TryRemove((grainId, reminder.ReminderName), out var clock)) clock.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _ticking = true;
        foreach (var row in await store.ReadAllAsync(cancellationToken))
        {
            // What a grain registered while this read was under way is newer.
            var grainId = GrainId.Create(row.GrainType, row.GrainKey);
            if (!_clocks.ContainsKey((grainId, row.Name))) SetClock(grainId, row);
        }
    }

    private Task StopAsync(CancellationToken cancellationToken)
    {
        _ticking = false;
        foreach (var clock in _clocks.Values) clock.Dispose();
        _clocks.Clear();
        return Task.CompletedTask;
    }

    private void SetClock(GrainId grainId, ReminderRow row)
    {
        var clock = new ReminderClock(row, time, status => TickAsync(grainId, row.Name, status));
        _clocks.AddOrUpdate((grainId, row.Name), clock, (_, old) =>
        {
            old.Dispose();
            return clock;
        });
        clock.Start();
    }

    private async Task TickAsync(GrainId grainId, string name, TickStatus status)
    {
        if (!_ticking) return;
        try
        {
            await silo.Grains.GetRemindable(grainId).ReceiveReminder(name, status);
        }
        catch (Exception exception)
        {
            // The grain could not be reached or failed: the next tick tries again.
            logger.LogError(exception, "Reminder {Name} of {GrainId} failed.", name, grainId);
        }
    }

    private sealed record Reminder(string ReminderName) : IGrainReminder;
}
