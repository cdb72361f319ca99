using System.Collections.Concurrent;
using Grpc.Core;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>
/// Leases that were withdrawn, as the service says. While the watch is lost for longer than <see cref="TrustedFor"/>, nothing
/// unconfirmed may be placed: a withdrawal may have gone unheard.
/// </summary>
internal sealed class RevocationWatch(DispatchService.DispatchServiceClient client, GatewayTerms terms, TimeProvider clock)
{
    public static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Revocation> _revoked = new();
    private long _heardAt = clock.GetTimestamp();

    /// <summary>Of what came by the stream as it happened; what was withdrawn before it was opened says nothing of it.</summary>
    public RevocationLag Lag { get; } = new();

    public bool IsTrusted => clock.GetElapsedTime(Interlocked.Read(ref _heardAt)) < TrustedFor;

    public bool IsRevoked(string dispatchId) => _revoked.ContainsKey(dispatchId);

    public void Forget(string dispatchId) => _revoked.TryRemove(dispatchId, out _);

    public void Take(IEnumerable<Revocation> revocations)
    {
        foreach (var revocation in revocations) _revoked[revocation.DispatchId] = revocation;
    }

    /// <summary>A message of the stream, empty ones too, shows that it lives.</summary>
    internal void Hear(WatchRevocationsResponse told, bool isNews)
    {
        Interlocked.Exchange(ref _heardAt, clock.GetTimestamp());
        Take(told.Revocations);
        if (!isNews || told.ServerTime is null) return;
        foreach (var revocation in told.Revocations) Lag.Add((told.ServerTime - revocation.RevokeTime).ToTimeSpan());
    }

    /// <summary>Watches until cancelled; a broken stream is opened again.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var request = new WatchRevocationsRequest { TenantIds = { terms.Tenant }, Gateway = terms.Identity };
                using var call = client.WatchRevocations(request, cancellationToken: cancel);
                for (var isFirst = true; await call.ResponseStream.MoveNext(cancel); isFirst = false) Hear(call.ResponseStream.Current, isNews: !isFirst);
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException && cancel.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException)
            {
                // Lost: IsTrusted runs out by itself, and the stream is opened again below.
            }

            await Task.Delay(Pause, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
