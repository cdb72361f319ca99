using Grpc.Core;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// Calls as a good client does: what may pass is tried again, and the wait is charged to the call. What does not pass is a failure of its
/// reason, and never thrown.
/// </summary>
internal sealed class PatientCaller(TimeProvider clock, bool outlivesCrashes)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(1);

    /// <param name="intended">Timestamp from which the call's latency counts.</param>
    public async Task<T?> CallAsync<T>(OperationMeter meter, int items, long intended, Func<Task<T>> call)
        where T : class
    {
        var answer = await TryAsync(meter, items, call);
        if (answer is not null) meter.Add(clock.GetElapsedTime(intended), items);
        return answer;
    }

    /// <summary>The same, without counting the call: the caller knows better from when on.</summary>
    public async Task<T?> TryAsync<T>(OperationMeter meter, int items, Func<Task<T>> call)
        where T : class
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException refused) when (MayPass(refused.StatusCode) && clock.GetElapsedTime(began) < GivesUpAfter)
            {
                meter.Repeat(refused.StatusCode.ToString());
                await Task.Delay(Between, clock, CancellationToken.None);
            }
            catch (RpcException refused)
            {
                meter.Fail($"{refused.StatusCode}: {refused.Status.Detail}", Math.Max(1, items));
                return null;
            }
        }
    }

    private bool MayPass(StatusCode code) => code switch
    {
        StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted => true,
        StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.DeadlineExceeded => outlivesCrashes,
        _ => false,
    };
}
