using Grpc.Core;

namespace Scheduler.Cli.Gateways;

/// <summary>Repeats a call as it was while the service cannot be reached: every call of a gateway is idempotent by its own ids.</summary>
internal sealed class ServiceRetry(TimeProvider clock)
{
    private const int Tries = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (attempt < Tries && e.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted && !cancel.IsCancellationRequested)
            {
                await Task.Delay(pause, clock, cancel);
                pause *= 2;
            }
        }
    }
}
