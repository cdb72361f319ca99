using System.Collections.Concurrent;
using Orleans.Embedded;

namespace Orleans.Reminders;

/// <summary>Reminders that end with the process.</summary>
internal sealed class InMemoryReminderStore : IReminderStore
{
    private readonly ConcurrentDictionary<(string Type, string Key, string Name), ReminderRow> _rows = new();

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReminderRow>>([.. _rows.Values]);

    public Task<ReminderRow?> FindAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken) =>
        Task.FromResult(_rows.GetValueOrDefault((grainType, grainKey, name)));

    public Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken)
    {
        _rows[(row.GrainType, row.GrainKey, row.Name)] = row;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken)
    {
        _rows.TryRemove((grainType, grainKey, name), out _);
        return Task.CompletedTask;
    }
}
