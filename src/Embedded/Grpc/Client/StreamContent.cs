using System.Net;

namespace Grpc.Net.Client;

/// <summary>A request that stays open: lends the connection's stream to the writer until the writer or the call is through.</summary>
internal sealed class StreamContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamContent()
    {
        Headers.ContentType = GrpcContentType.Value;
        // Nobody need be waiting for a stream that never comes.
        _ = _stream.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The stream to write to; faults when the call ends before there is one.</summary>
    public Task<Stream> Stream => _stream.Task;

    /// <summary>Half-closes the request.</summary>
    public void Complete() => _end.TrySetResult();

    /// <summary>Ends the request because the call is over.</summary>
    public void Abandon(Exception reason)
    {
        _stream.TrySetException(reason);
        _end.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Sends the headers now: a server may answer before the first message.
        await stream.FlushAsync(cancellationToken);
        if (!_stream.TrySetResult(stream))
        {
            throw new IOException("The request stream cannot be sent a second time.");
        }

        await _end.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
