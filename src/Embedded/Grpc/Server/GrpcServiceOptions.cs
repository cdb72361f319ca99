using System.IO.Compression;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>What the server allows and adds, for all its services.</summary>
public class GrpcServiceOptions
{
    /// <summary>Largest message received, in bytes before framing and after decompression; null is no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = WireNames.DefaultReceiveLimit;

    /// <summary>Largest message sent, in bytes before compression; null is no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Whether a client is told the type and message of an unhandled exception.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>"gzip" compresses responses to clients that accept it; null or "identity" compresses none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Called in the order in which they were added.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}
