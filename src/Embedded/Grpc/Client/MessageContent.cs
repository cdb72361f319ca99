using System.Net;
using System.Net.Http.Headers;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>A request of one message, serialized into pooled segments when the connection asks for it.</summary>
internal sealed class MessageContent<TRequest, TResponse> : HttpContent
    where TRequest : class
    where TResponse : class
{
    private readonly ClientCall<TRequest, TResponse> _call;
    private readonly TRequest _message;

    public MessageContent(ClientCall<TRequest, TResponse> call, TRequest message)
    {
        _call = call;
        _message = message;
        Headers.ContentType = GrpcContentType.Value;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var segments = new PooledSegments();
        _call.Serialize(_message, segments, _call.Options.WriteOptions);
        foreach (var memory in segments.AsSequence())
        {
            await stream.WriteAsync(memory, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>The content type that every request carries.</summary>
internal static class GrpcContentType
{
    public static MediaTypeHeaderValue Value { get; } = new(WireNames.ContentType);
}
