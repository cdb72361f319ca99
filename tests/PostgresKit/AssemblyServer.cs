using Scheduler.PostgresKit;

[assembly: AssemblyFixture(typeof(AssemblyServer))]

namespace Scheduler.PostgresKit;

/// <summary>The one server of a test assembly, started by the first test that needs it.</summary>
public sealed class AssemblyServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<ThrowawayServer>? _server;

    internal Task<ThrowawayServer> GetAsync()
    {
        lock (_gate) return _server ??= ThrowawayServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await (await _server).DisposeAsync();
    }
}
