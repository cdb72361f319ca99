using Scheduler.Host.Configuration;
using Scheduler.Storage;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Sqlite;

namespace Scheduler.Host.Storage;

/// <summary>The database that the configuration chooses, open, and how it is put among the services.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private const string DatabaseFile = "scheduler.db";

    private readonly Action<IServiceCollection> register;

    private OpenStore(ISchedulerStore store, Action<IServiceCollection> register)
    {
        Store = store;
        this.register = register;
    }

    public ISchedulerStore Store { get; }

    /// <summary>Null where it cannot be opened; standard error says why.</summary>
    public static async Task<OpenStore?> OpenAsync(SchedulerOptions options, TimeProvider clock)
    {
        try
        {
            if (options.Storage.Provider == StorageProvider.Postgres)
            {
                var postgres = await PostgresStore.OpenAsync(Postgres(options.Storage.Postgres), clock);
                return new OpenStore(postgres, services => services.AddPostgresStore(postgres));
            }

            var sqlite = SqliteStore.Open(Sqlite(options), clock);
            return new OpenStore(sqlite, services => services.AddSqliteStore(sqlite));
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            await SayAsync(failure);
            return null;
        }
    }

    /// <summary>Brings the database to this build's schema and nothing else.</summary>
    public static async Task<int> MigrateAsync(SchedulerOptions options, TimeProvider clock)
    {
        try
        {
            if (options.Storage.Provider == StorageProvider.Postgres)
            {
                var applied = await PostgresStore.MigrateAsync(Postgres(options.Storage.Postgres));
                await Console.Out.WriteLineAsync(applied.Count == 0 ? "the schema is this build's already" : "applied migration " + string.Join(", ", applied));
            }
            else
            {
                await SqliteStore.Open(Sqlite(options), clock).DisposeAsync();
                await Console.Out.WriteLineAsync("the schema is this build's");
            }

            return ExitCodes.Clean;
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            await SayAsync(failure);
            return ExitCodes.Storage;
        }
    }

    public void AddTo(IServiceCollection services) => register(services);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static SqliteOptions Sqlite(SchedulerOptions options) =>
        new() { Path = Path.Combine(Directory.CreateDirectory(Path.GetFullPath(options.Storage.Directory)).FullName, DatabaseFile) };

    private static PostgresOptions Postgres(PostgresSettings settings) => new()
    {
        ConnectionString = settings.ConnectionString,
        CommitsInFlight = settings.CommitsInFlight,
        MigratesOnOpen = settings.MigratesAtStart,
        StatementTimeout = TimeSpan.FromSeconds(settings.StatementTimeoutSeconds),
    };

    private static bool IsRefusal(Exception failure) => failure is OrleansException or IOException or UnauthorizedAccessException;

    private static Task SayAsync(Exception failure) => Console.Error.WriteLineAsync("scheduler: the database cannot be opened: " + failure.Message);
}
