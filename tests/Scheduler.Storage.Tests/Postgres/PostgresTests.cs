using Scheduler.PostgresKit;
using Scheduler.Storage.Tests.Postgres;

[assembly: AssemblyFixture(typeof(AssemblyServer))]

namespace Scheduler.Storage.Tests.Postgres;

/// <summary>The one server of this assembly, started by the first test that needs it.</summary>
public sealed class AssemblyServer : IAsyncDisposable
{
    private readonly Lazy<Task<ThrowawayServer>> server = new(static () => ThrowawayServer.StartAsync());

    internal Task<ThrowawayServer> GetAsync() => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated) await (await server.Value).DisposeAsync();
    }
}

/// <summary>Tests that share the server, one after the other: some of them crash it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests
{
    public const string Name = "PostgreSQL";
}
