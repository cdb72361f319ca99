using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Scheduler.Grains.Operations;

namespace Scheduler.Services.Calls;

/// <summary>Rate, errors and duration of every call. The outermost interceptor: what it counts is what the caller was answered.</summary>
public sealed class CallMeter : Interceptor, IDisposable
{
    public const string MeterName = "Scheduler.Calls";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> calls;
    private readonly Histogram<double> duration;

    public CallMeter()
    {
        calls = meter.CreateCounter<long>("contact_rpc_calls_total", "{call}", "Calls answered, by method and status code.");
        duration = meter.CreateHistogram("contact_rpc_duration_seconds", "s", "Duration of calls with one answer, by method; a long poll's waiting included.", null, Latencies);
    }

    public void Dispose() => meter.Dispose();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = ContactTraces.Called(context.Method, name => context.RequestHeaders.GetValue(name));
        try
        {
            var response = await continuation(request, context);
            Answered(context.Method, context.Status.StatusCode);
            return response;
        }
        catch (Exception failure)
        {
            Answered(context.Method, CodeOf(failure, context));
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("method", context.Method));
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, continuation(requestStream, responseStream, context));

    private async Task CountAsync(ServerCallContext context, Task call)
    {
        try
        {
            await call;
            Answered(context.Method, context.Status.StatusCode);
        }
        catch (Exception failure)
        {
            Answered(context.Method, CodeOf(failure, context));
            throw;
        }
    }

    private static StatusCode CodeOf(Exception failure, ServerCallContext context) => failure switch
    {
        RpcException refused => refused.StatusCode,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => StatusCode.Cancelled,
        _ => StatusCode.Unknown,
    };

    private void Answered(string method, StatusCode code) =>
        calls.Add(1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("code", Word(code)));

    private static string Word(StatusCode code) => code switch
    {
        StatusCode.OK => "OK",
        StatusCode.Cancelled => "CANCELLED",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.AlreadyExists => "ALREADY_EXISTS",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.Aborted => "ABORTED",
        StatusCode.OutOfRange => "OUT_OF_RANGE",
        StatusCode.Unimplemented => "UNIMPLEMENTED",
        StatusCode.Internal => "INTERNAL",
        StatusCode.Unavailable => "UNAVAILABLE",
        StatusCode.DataLoss => "DATA_LOSS",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        _ => "UNKNOWN",
    };
}
