using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.Grains;
using Scheduler.Grains.Rules;
using Scheduler.Simulation.V1;
using Scheduler.Storage;

namespace Scheduler.Host.Clock;

/// <summary>Moves the simulated clock and waits until what needs no gateway has been done.</summary>
public sealed class SimulationService(SimulatedTimeProvider clock, TransportClock transport, IGrainFactory grains, ISchedulerStore store)
    : Simulation.V1.SimulationService.SimulationServiceBase, IDisposable
{
    private const string UpkeepChannel = "unknown";

    /// <summary>Upkeep that takes longer than this many looks is left to the next advance.</summary>
    private const int Looks = 500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _oneAdvance = new(1, 1);

    public override async Task<AdvanceClockResponse> AdvanceClock(AdvanceClockRequest request, ServerCallContext context)
    {
        await _oneAdvance.WaitAsync(context.CancellationToken);
        try
        {
            if (request.ToTime is { } to && to.ToDateTimeOffset() > clock.GetUtcNow())
            {
                clock.AdvanceTo(to.ToDateTimeOffset());
                await grains.RouseShardsAsync();
                await FinishUpkeepAsync(context.CancellationToken);
            }

            return await ReadAsync(context.CancellationToken);
        }
        finally
        {
            _oneAdvance.Release();
        }
    }

    public void Dispose() => _oneAdvance.Dispose();

    private async Task FinishUpkeepAsync(CancellationToken cancellationToken)
    {
        for (var look = 0; look < Looks; look++)
        {
            var upkeep = (await store.Lanes.ListLanesAsync(cancellationToken)).Where(static l => l.Key.Channel == UpkeepChannel).Select(static l => l.Lane).ToHashSet();
            var due = await store.Due.CountDueAsync(Now(), cancellationToken);
            if (!due.Any(d => upkeep.Contains(d.Lane) && d.Count > 0)) return;
            await Task.Delay(BetweenLooks, transport.Time, cancellationToken);
            await grains.RouseShardsAsync();
        }
    }

    private async Task<AdvanceClockResponse> ReadAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        var due = await store.Due.CountDueAsync(now + 1, cancellationToken);
        var planned = await store.Due.CountDueAsync(long.MaxValue, cancellationToken);
        return new AdvanceClockResponse
        {
            NowTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(now)),
            NextDueTime = planned.Count == 0 ? null : Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(planned.Min(static l => l.OldestDueAt))),
            DueCount = due.Sum(static d => d.Count),
        };
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
