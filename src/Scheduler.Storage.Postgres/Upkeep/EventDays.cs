using System.Globalization;
using Npgsql;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Upkeep;

/// <summary>
/// Keeps a partition of the log ready for each of the next days: on opening, and four times a day. Where that fails, rows go to the partition of all other days
/// and nothing is refused.
/// </summary>
internal sealed class EventDays : IAsyncDisposable
{
    /// <summary>High bits of an event's number: the day it was taken on (take_event_numbers).</summary>
    public const int DayShift = 36;

    private const int DaysAhead = 7;
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);
    private readonly PostgresDatabase database;
    private readonly CancellationTokenSource closing = new();
    private readonly Task loop;

    public EventDays(PostgresDatabase database, TimeProvider clock)
    {
        this.database = database;
        loop = RunAsync(clock);
    }

    /// <summary>Makes the partitions that are missing; answers how many.</summary>
    public static async Task<int> PrepareAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        var missing = await database.QueryAsync(
            "Events/MissingDays", static row => row.GetInt64(0), cancellationToken, Values.Of(DaysAhead));
        var made = 0;
        foreach (var day in missing)
        {
            if (await TryCreateAsync(database, day, cancellationToken)) made++;
        }

        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await loop;
        closing.Dispose();
    }

    /// <summary>Not where rows of that day lie in the partition of all others already, nor behind a lock that takes too long.</summary>
    private static async Task<bool> TryCreateAsync(PostgresDatabase database, long day, CancellationToken cancellationToken)
    {
        try
        {
            return await database.TransactAsync(connection => CreateAsync(connection, day, cancellationToken), cancellationToken);
        }
        catch (StorageUnavailableException refused) when (refused.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.LockNotAvailable
        })
        {
            return false;
        }
    }

    private static async Task<bool> CreateAsync(NpgsqlConnection connection, long day, CancellationToken cancellationToken)
    {
        // Waits for the groups in flight and keeps the next ones waiting meanwhile, so it does not wait long: the next round tries again.
        await connection.ExecuteAsync("set local lock_timeout = '2s'", cancellationToken);
        var name = DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await connection.ExecuteAsync(
            $"create table if not exists events_{name} partition of events for values from ({day << DayShift}) to ({(day + 1) << DayShift})", cancellationToken);
        return true;
    }

    private async Task RunAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(closing.Token)) await TryPrepareAsync();
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private async Task TryPrepareAsync()
    {
        try
        {
            await PrepareAsync(database, closing.Token);
        }
        catch (OrleansException)
        {
            // Without a server, or behind a lock that took too long: there are days in hand, and the partition of all others after them.
        }
    }
}
