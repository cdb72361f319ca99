using Grpc.Core;
using Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel connects and what it allows.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Null infers them from the scheme of the address.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Largest message received, in bytes after decompression; null is no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = WireNames.DefaultReceiveLimit;

    /// <summary>Largest message sent, in bytes before compression; null is no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Carries the calls instead of a SocketsHttpHandler of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes <see cref="HttpHandler"/>; its own it always does.</summary>
    public bool DisposeHttpClient { get; set; }
}
