using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Takes an HTTP request that was routed to a method and answers it as the specification says, whatever happens.</summary>
internal static partial class ServerCallRunner
{
    public static async Task RunAsync(HttpContext http, GrpcServer server, ServiceMethod method)
    {
        if (RefusesTransport(http))
        {
            return;
        }

        using var call = new ServerCall(http, server, method.Description.FullName);
        try
        {
            call.Begin();
            await method.RunAsync(call);
            call.End(call.Status);
        }
        catch (Exception exception)
        {
            // A handler may throw anything: the caller gets a status, the log the rest.
            Fail(call, server, exception);
        }

        await call.DeadlineAnswered;
    }

    public static Task RefuseAsync(HttpContext http, GrpcServer server, Status status)
    {
        if (!RefusesTransport(http))
        {
            using var call = new ServerCall(http, server, http.Request.Path);
            call.End(status);
        }

        return Task.CompletedTask;
    }

    private static bool RefusesTransport(HttpContext http)
    {
        var request = http.Request;
        if (!WireNames.IsGrpcContentType(request.ContentType))
        {
            Refuse(http, StatusCodes.Status415UnsupportedMediaType, $"Content-Type '{request.ContentType}' is not supported.");
            return true;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
        {
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            Refuse(http, StatusCodes.Status426UpgradeRequired, $"Request protocol '{request.Protocol}' is not supported.");
            return true;
        }

        return false;
    }

    private static void Refuse(HttpContext http, int httpStatus, string detail)
    {
        http.Response.StatusCode = httpStatus;
        http.Response.Headers[WireNames.Status] = StatusText.Number(StatusCode.Internal);
        http.Response.Headers[WireNames.Message] = PercentEncoding.Encode(detail);
    }

    private static void Fail(ServerCall call, GrpcServer server, Exception exception)
    {
        switch (exception)
        {
            case RpcException rpc:
                CallRefused(server.Log, call.Method, rpc.StatusCode, rpc.Status.Detail);
                call.End(rpc.Status, rpc.Trailers);
                break;
            case OperationCanceledException or IOException or BadHttpRequestException when call.IsAborted:
                CallAborted(server.Log, call.Method);
                call.End(Status.DefaultCancelled);
                break;
            case OperationCanceledException when call.IsEnded:
                break;
            default:
                CallFailed(server.Log, exception, call.Method);
                call.End(new Status(StatusCode.Unknown, StatusText.OfException(exception, server.TellsExceptions)));
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Error when executing service method '{Method}'.")]
    private static partial void CallFailed(ILogger log, Exception exception, string method);

    [LoggerMessage(2, LogLevel.Debug, "Call of '{Method}' ended with {StatusCode}: {Detail}")]
    private static partial void CallRefused(ILogger log, string method, StatusCode statusCode, string detail);

    [LoggerMessage(3, LogLevel.Debug, "Call of '{Method}' was given up by its client.")]
    private static partial void CallAborted(ILogger log, string method);
}
