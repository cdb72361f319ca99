namespace Orleans.Embedded;

/// <summary>Where reminders live. The default keeps them in memory; a durable one makes them outlive the process.</summary>
public interface IReminderStore
{
    Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken);

    Task<ReminderRow?> FindAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken);

    /// <summary>Inserts the row, or replaces the one with the same grain and name.</summary>
    Task UpsertAsync(ReminderRow row, CancellationToken cancellationToken);

    /// <summary>Removing what is not there is no error.</summary>
    Task RemoveAsync(string grainType, string grainKey, string name, CancellationToken cancellationToken);
}

/// <summary>One reminder: it ticks at <paramref name="StartAt"/> and every <paramref name="Period"/> after it.</summary>
public sealed record ReminderRow(string GrainType, string GrainKey, string Name, DateTimeOffset StartAt, TimeSpan Period);
