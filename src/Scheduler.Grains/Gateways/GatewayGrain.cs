using System.Collections.Immutable;
using Scheduler.Grains.Rules;

namespace Scheduler.Grains.Gateways;

/// <summary>Keeps the last revocations of one gateway and lets its watches wait for the next.</summary>
/// <remarks>Failure: what it forgets is found again by asking the debtors of the gateway's pulls.</remarks>
[GrainType("gateway")]
public sealed class GatewayGrain(TransportClock transport) : Grain, IGatewayGrain
{
    /// <summary>Revocations kept; a watch that falls further behind is told so.</summary>
    private const int Kept = 1_024;

    private readonly Queue<(long Position, RevocationNotice Notice)> _news = new();

    /// <summary>Begins at the activation's instant, so that a watch of a former activation notices that news was lost.</summary>
    private long _position = transport.Time.GetUtcNow().UtcTicks;
    private TaskCompletionSource _arrival = NewSignal();

    public Task Publish(RevocationNotice revocation)
    {
        _news.Enqueue((++_position, revocation));
        if (_news.Count > Kept) _news.Dequeue();
        _arrival.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<RevocationNews> Take(long after, TimeSpan wait)
    {
        if (after == 0) return new RevocationNews(_position, IsComplete: true, []);
        var oldest = _news.TryPeek(out var first) ? first.Position - 1 : _position;
        if (after < oldest || after > _position) return new RevocationNews(_position, IsComplete: false, []);
        if (after == _position && wait > TimeSpan.Zero) await ArrivesAsync(wait);
        return new RevocationNews(_position, IsComplete: true, _news.Where(n => n.Position > after).Select(static n => n.Notice).ToImmutableArray());
    }

    private async Task ArrivesAsync(TimeSpan atMost)
    {
        if (_arrival.Task.IsCompleted) _arrival = NewSignal();
        using var stop = new CancellationTokenSource();
        await Task.WhenAny(_arrival.Task, transport.DelayAsync(atMost, stop.Token));
        await stop.CancelAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
