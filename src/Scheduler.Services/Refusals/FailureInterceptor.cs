using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Scheduler.Grains.Debtors;
using Scheduler.Storage;

namespace Scheduler.Services.Refusals;

/// <summary>The last stop of every exception: storage failures become UNAVAILABLE, what nobody expected INTERNAL, logged here and only here.</summary>
public sealed partial class FailureInterceptor(ILogger<FailureInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception failure) when (!IsAnswer(failure, context))
        {
            throw Answer(failure, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception failure) when (!IsAnswer(failure, context))
        {
            throw Answer(failure, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception failure) when (!IsAnswer(failure, context))
        {
            throw Answer(failure, context);
        }
    }

    /// <summary>Why one item of a batch failed; null where the failure is not the item's and must end the call.</summary>
    public static Google.Rpc.Status? ItemStatus(Exception failure) => StorageFaults.Of(failure) is { } fault ? Refuse.Item(fault) : null;

    /// <summary>Already an answer, or the caller has gone: passed on as it is.</summary>
    private static bool IsAnswer(Exception failure, ServerCallContext context) =>
        failure is RpcException || (failure is OperationCanceledException && context.CancellationToken.IsCancellationRequested);

    private RpcException Answer(Exception failure, ServerCallContext context)
    {
        if (failure is StorageUnavailableException)
        {
            StorageFailed(failure, context.Method);
            return Refuse.Call(Reasons.StorageUnavailable, "Storage could not be reached.");
        }

        if (failure is OrleansException or TimeoutException)
        {
            StorageFailed(failure, context.Method);
            return Refuse.Call(Reasons.OutcomeUnknown, "It is not known whether this was recorded; repeat it as it was.");
        }

        Unexpected(failure, context.Method);
        return Refuse.Call(Reasons.Internal, "Unexpected failure; it was logged.");
    }

    [LoggerMessage(5001, LogLevel.Warning, "{Method} was answered UNAVAILABLE")]
    private partial void StorageFailed(Exception failure, string method);

    [LoggerMessage(5002, LogLevel.Error, "{Method} failed unexpectedly")]
    private partial void Unexpected(Exception failure, string method);
}
