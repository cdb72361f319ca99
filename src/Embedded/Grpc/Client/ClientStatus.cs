using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The status of a call from what HTTP/2 says of it.</summary>
internal static class ClientStatus
{
    /// <summary>The codes of RST_STREAM and GOAWAY that mean something other than INTERNAL.</summary>
    private static class Http2Error
    {
        public const long RefusedStream = 0x7;
        public const long Cancel = 0x8;
        public const long EnhanceYourCalm = 0xb;
        public const long InadequateSecurity = 0xc;
    }

    /// <summary>The status carried by headers or trailers, or null.</summary>
    public static Status? Read(System.Net.Http.Headers.HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(WireNames.Status, out var code))
        {
            return null;
        }

        var message = headers.NonValidated.TryGetValues(WireNames.Message, out var text) ? PercentEncoding.Decode(text.ToString()) : "";
        return new Status(StatusText.Parse(code.ToString()), message);
    }

    public static Metadata ReadMetadata(System.Net.Http.Headers.HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            if (key is WireNames.Status or WireNames.Message)
            {
                continue;
            }

            foreach (var value in values)
            {
                MetadataText.Read(key, value, metadata);
            }
        }

        return metadata;
    }

    /// <summary>For an answer that is not gRPC's.</summary>
    public static Status OfHttp(HttpStatusCode code) => new(
        code switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"Bad gRPC response. HTTP status code: {(int)code}");

    /// <summary>For a connection or stream that broke.</summary>
    public static Status OfException(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpProtocolException protocol:
                    return new Status(OfHttp2Error(protocol.ErrorCode), $"The server reset the call: {protocol.Message}", exception);
            }
        }

        var code = exception is HttpRequestException or IOException ? StatusCode.Unavailable : StatusCode.Internal;
        return new Status(code, $"Error during gRPC call. {Describe(exception)}", exception);
    }

    private static StatusCode OfHttp2Error(long code) => code switch
    {
        Http2Error.RefusedStream => StatusCode.Unavailable,
        Http2Error.Cancel => StatusCode.Cancelled,
        Http2Error.EnhanceYourCalm => StatusCode.ResourceExhausted,
        Http2Error.InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private static string Describe(Exception exception)
    {
        var text = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is { } inner ? $"{text} {Describe(inner)}" : text;
    }
}
