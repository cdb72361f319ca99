using System.Collections.Immutable;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>Tells a gateway of withdrawn leases as they are, at least once, and shows every 15 s that the stream lives.</summary>
public sealed class RevocationWatch(IGrainFactory grains, IDispatchPull pulls, DrainSwitch drain, TimeProvider clock, ContactCounters counters)
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The position comes first, then everything withdrawn, then the news since that position: nothing falls between.</summary>
    public async Task RunAsync(
        GatewayIdentity gateway, ImmutableArray<string> tenants, IServerStreamWriter<WatchRevocationsResponse> stream, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Draining);
        var grain = grains.GetGrain<IGatewayGrain>(gateway.GatewayId);
        var news = await grain.Take(0, TimeSpan.Zero);
        var withdrawn = await pulls.ListRevocationsAsync(gateway.GatewayId, gateway.InstanceId, tenants, ends.Token);
        while (!ends.IsCancellationRequested)
        {
            await WriteAsync(stream, withdrawn, cancellationToken);
            if (await NextAsync(grain, news.Position, ends.Token) is not { } next) break;
            news = next;
            withdrawn = news.IsComplete
                ? Noted(RevocationInbox.Mine(news.Revocations, gateway.InstanceId, tenants))
                : await pulls.ListRevocationsAsync(gateway.GatewayId, gateway.InstanceId, tenants, ends.Token);
        }
    }

    private ImmutableArray<RevocationNotice> Noted(ImmutableArray<RevocationNotice> fresh)
    {
        foreach (var notice in fresh) counters.Instruments.RevocationTold(clock.GetUtcNow() - notice.RevokedAt);
        return fresh;
    }

    /// <summary>News, or none after the heartbeat's time; null when the watch is over.</summary>
    private async Task<RevocationNews?> NextAsync(IGatewayGrain grain, long position, CancellationToken cancellationToken)
    {
        // The grain waits too; the heartbeat is measured here, so that a late answer of the grain does not silence the stream.
        var taking = grain.Take(position, Heartbeat);
        var beat = Task.Delay(Heartbeat, clock, cancellationToken);
        try
        {
            await Task.WhenAny(taking, beat);
            if (taking.IsCompleted) return await taking;
            await beat;
            return new RevocationNews(position, IsComplete: true, []);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (TimeoutException)
        {
            return new RevocationNews(position, IsComplete: true, []);
        }
    }

    private Task WriteAsync(
        IServerStreamWriter<WatchRevocationsResponse> stream, ImmutableArray<RevocationNotice> withdrawn, CancellationToken cancellationToken)
    {
        var response = new WatchRevocationsResponse { ServerTime = ScalarMap.ToProto(Instant.FromDateTimeOffset(clock.GetUtcNow())) };
        foreach (var revocation in withdrawn) response.Revocations.Add(RevocationInbox.Write(revocation));
        return stream.WriteAsync(response, cancellationToken);
    }
}
