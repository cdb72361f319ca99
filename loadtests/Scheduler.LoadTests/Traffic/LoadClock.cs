using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Simulation.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// The time that the service decides by: the machine's, or a simulated one that is kept in step with it, so that three days can pass in a
/// moment and load is still measured.
/// </summary>
internal sealed class LoadClock(TimeProvider real, Instant? simulatedFrom)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly long _began = real.GetTimestamp();
    private long _jumpedTicks;

    public TimeProvider Real { get; } = real;

    public Instant Now => simulatedFrom is { } start
        ? start + NodaTime.Duration.FromTimeSpan(Real.GetElapsedTime(_began)) + NodaTime.Duration.FromTicks(Interlocked.Read(ref _jumpedTicks))
        : Instant.FromDateTimeOffset(Real.GetUtcNow());

    public void Jump(NodaTime.Duration by) => Interlocked.Add(ref _jumpedTicks, by.BclCompatibleTicks);

    public async Task AdvanceAsync(CallInvoker invoker, CancellationToken cancel)
    {
        var simulation = new SimulationService.SimulationServiceClient(invoker);
        await simulation.AdvanceClockAsync(new AdvanceClockRequest { ToTime = ProtocolValues.ToTimestamp(Now) }, cancellationToken: cancel);
    }

    /// <summary>Keeps a simulated clock in step until it is told to end.</summary>
    public async Task PaceAsync(CallInvoker invoker, CancellationToken cancel)
    {
        if (simulatedFrom is null) return;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await AdvanceAsync(invoker, CancellationToken.None);
                await Task.Delay(Step, Real, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public Timestamp Stamp() => ProtocolValues.ToTimestamp(Now);
}
