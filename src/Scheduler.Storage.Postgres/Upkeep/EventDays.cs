using Npgsql;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres.Upkeep;

/// <summary>
/// Keeps a partition of the log ready for each of the next days, and takes away those of past days that hold no row: on opening, and four times a day. Where that
/// fails, rows go to the partition of all other days and nothing is refused.
/// </summary>
internal sealed class EventDays : IAsyncDisposable
{
    /// <summary>High bits of an event's number: the day it was taken on (take_event_numbers).</summary>
    public const int DayShift = 36;

    private const int DaysAhead = 7;

    /// <summary>Days taken away in one round: each keeps the writers waiting for a moment.</summary>
    private const int DropsAtOnce = 100;

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
        return await EachAsync(database, missing, "Events/MakeDay", cancellationToken);
    }

    /// <summary>Takes away the partitions of past days that hold no row; answers how many. No row goes, and none that is being written.</summary>
    public static async Task<int> DropEmptyAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        var empty = await database.QueryAsync("Events/EmptyDays", static row => row.GetInt64(0), cancellationToken, Values.Of(DropsAtOnce));
        return await EachAsync(database, empty, "Events/DropDay", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await loop;
        closing.Dispose();
    }

    private static async Task<int> EachAsync(PostgresDatabase database, List<long> days, string statement, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var day in days)
        {
            if (await TryAsync(database, day, statement, cancellationToken)) done++;
        }

        return done;
    }

    /// <summary>Not where rows of that day lie in the partition of all others already, nor behind a lock that takes too long.</summary>
    private static async Task<bool> TryAsync(PostgresDatabase database, long day, string statement, CancellationToken cancellationToken)
    {
        try
        {
            return await database.TransactAsync(
                async connection =>
                {
                    // Waits for the groups in flight and keeps the next ones waiting meanwhile, so it does not wait long: the next round tries again.
                    await connection.ExecuteAsync("set local lock_timeout = '2s'", cancellationToken);
                    return (await connection.QueryAsync(statement, static row => row.GetBoolean(0), cancellationToken, Values.Of(day)))[0];
                },
                cancellationToken);
        }
        catch (StorageUnavailableException refused) when (refused.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.CheckViolation or PostgresErrorCodes.LockNotAvailable
        })
        {
            return false;
        }
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
            await DropEmptyAsync(database, closing.Token);
        }
        catch (OrleansException)
        {
            // Without a server, or behind a lock that took too long: there are days in hand, and the partition of all others after them.
        }
    }
}
