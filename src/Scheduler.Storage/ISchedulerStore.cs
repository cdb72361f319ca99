namespace Scheduler.Storage;

/// <summary>One open database. Disposing it finishes the writes that wait, then closes.</summary>
public interface ISchedulerStore : IAsyncDisposable
{
    IDebtorStore Debtors { get; }

    IDueIndex Due { get; }

    ILaneCatalogue Lanes { get; }

    IEventLog Events { get; }

    IPullStore Pulls { get; }

    ISharedCounterStore Shared { get; }

    ISettingsStore Settings { get; }

    IEpochStore Epochs { get; }

    IAddressFactStore Addresses { get; }

    /// <summary>The database server's clock; null where the database is in this process and there is no other clock.</summary>
    Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken = default) => Task.FromResult<DateTimeOffset?>(null);
}
