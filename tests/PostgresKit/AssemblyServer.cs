using Scheduler.PostgresKit;

[assembly: AssemblyFixture(typeof(AssemblyServer))]

namespace Scheduler.PostgresKit;

/// <summary>The one server of a test assembly, started by the first test that needs it.</summary>
public sealed class AssemblyServer : IAsyncDisposable
{
    private readonly Lazy<Task<ThrowawayServer>> _server = new(static () => ThrowawayServer.StartAsync());

    internal Task<ThrowawayServer> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
    }
}
