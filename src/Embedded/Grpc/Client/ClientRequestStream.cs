using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The messages to the server; a write completes when the connection took the message.</summary>
internal sealed class ClientRequestStream<TRequest, TResponse>(
    ClientCall<TRequest, TResponse> call, StreamContent content, Task<TResponse>? response) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _isWriting;
    private bool _isComplete;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_isComplete)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        if (Interlocked.Exchange(ref _isWriting, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            await using var registration = cancellationToken.UnsafeRegister(
                static state => ((ClientCall<TRequest, TResponse>)state!).Break(
                    new Status(StatusCode.Cancelled, "Call canceled by the client.")),
                call);
            await SendAsync(message);
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    public Task CompleteAsync()
    {
        _isComplete = true;
        content.Complete();
        return Task.CompletedTask;
    }

    private async Task SendAsync(TRequest message)
    {
        if (call.FinalStatus is { } ended)
        {
            throw new RpcException(ended, call.GetTrailers());
        }

        var stream = await content.Stream;
        using var segments = new PooledSegments();
        try
        {
            call.Serialize(message, segments, WriteOptions);
            foreach (var memory in segments.AsSequence())
            {
                await stream.WriteAsync(memory, call.Cancellation);
            }

            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
            {
                await stream.FlushAsync(call.Cancellation);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            throw await WhyBrokenAsync(exception);
        }
    }

    /// <summary>A server that ends a call early breaks the request off; its status stands in the response.</summary>
    private async Task<RpcException> WhyBrokenAsync(Exception exception)
    {
        if (response is null)
        {
            return call.FinalStatus is { } ended ? new RpcException(ended, call.GetTrailers()) : new RpcException(ClientStatus.OfException(exception));
        }

        try
        {
            await response;
            return new RpcException(new Status(StatusCode.OK, "The server ended the call before it had read the whole request."));
        }
        catch (RpcException status)
        {
            return status;
        }
    }
}
