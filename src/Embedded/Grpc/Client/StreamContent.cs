using System.Net;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>A request that stays open: lends the connection's stream to the writer until the writer or the call is through.</summary>
internal sealed class StreamContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamContent()
    {
        Headers.ContentType = GrpcContentType.Value;
        // Nobody need be waiting for a stream that never comes, or for the end.
        Observe(_stream.Task);
        Observe(_end.Task);
    }

    /// <summary>The stream to write to; faults when the call ends before there is one.</summary>
    public Task<Stream> Stream => _stream.Task;

    /// <summary>Half-closes the request.</summary>
    public void Complete() => _end.TrySetResult();

    /// <summary>Ends the request because the call is over: after any status but OK never as if the writer had completed it, which the server would believe.</summary>
    public void Abandon(RpcException reason)
    {
        _stream.TrySetException(reason);
        if (reason.StatusCode == StatusCode.OK)
        {
            _end.TrySetResult();
        }
        else
        {
            _end.TrySetException(reason);
        }
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

    private static void Observe(Task task) => _ = task.ContinueWith(
        static faulted => _ = faulted.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
