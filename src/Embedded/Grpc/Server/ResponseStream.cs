using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The messages to the client; a write completes when the transport has room for the next.</summary>
internal sealed class ResponseStream<T>(ServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    private int _isWriting;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _isWriting, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            await call.WriteAsync(message, marshaller, WriteOptions ?? call.WriteOptions, WriteEnd.MoreMessages, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }
}
