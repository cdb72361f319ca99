namespace Grpc.Wire;

/// <summary>Names that the gRPC-over-HTTP/2 specification gives to headers and encodings.</summary>
internal static class WireNames
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string AcceptedEncodings = "identity,gzip";

    /// <summary>A request header that asks the client to compress its messages; it is not sent.</summary>
    public const string RequestEncodingWish = "grpc-internal-encoding-request";

    /// <summary>Under it a unary call's UserState tells how many bytes its message had as it was parsed; no header.</summary>
    public const string ReceivedBytes = "grpc-received-bytes";

    public const int FrameHeaderLength = 5;
    public const int DefaultReceiveLimit = 4 * 1024 * 1024;

    /// <summary>True for application/grpc, alone or followed by a subtype or parameters; application/grpc-web is another protocol.</summary>
    public static bool IsGrpcContentType(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+';
    }
}
