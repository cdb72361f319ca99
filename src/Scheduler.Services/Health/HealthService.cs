using Grpc.Core;
using Grpc.Health.V1;
using Scheduler.Grains.Operations;
using Scheduler.Services.Refusals;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Scheduler.Services.Health;

/// <summary>grpc.health.v1, per service: serving until the host drains.</summary>
public sealed class HealthService(DrainSwitch drain) : Grpc.Health.V1.Health.HealthBase
{
    /// <summary>The empty name is the whole server.</summary>
    private static readonly string[] Names =
    [
        "",
        V1.IngestService.Descriptor.FullName,
        V1.DebtorService.Descriptor.FullName,
        V1.DispatchService.Descriptor.FullName,
        V1.OperationsService.Descriptor.FullName,
    ];

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request)
        ? Task.FromResult(Now())
        : throw Refuse.Call(Reasons.ServiceNotFound, "No such service.", ("service", request.Service));

    /// <summary>The present state, then each change. A service that is not known is told so, and the stream stays open, as the protocol has it.</summary>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Draining);
        var isKnown = IsKnown(request);
        await responseStream.WriteAsync(isKnown ? Now() : new HealthCheckResponse { Status = ServingStatus.ServiceUnknown }, context.CancellationToken);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (ends.Token.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), changed))
        {
            await changed.Task;
        }

        if (isKnown && !context.CancellationToken.IsCancellationRequested) await responseStream.WriteAsync(Now(), context.CancellationToken);
    }

    private HealthCheckResponse Now() => new() { Status = drain.IsDraining ? ServingStatus.NotServing : ServingStatus.Serving };

    private static bool IsKnown(HealthCheckRequest request) => Names.Contains(request.Service, StringComparer.Ordinal);
}
