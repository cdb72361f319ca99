using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>
/// One call on the client: sends the request, reads the answer and ends once, with the status of the server, of the deadline, of a
/// cancellation or of the broken connection, whichever is first.
/// </summary>
internal sealed partial class ClientCall<TRequest, TResponse> : AsyncCallState
    where TRequest : class
    where TResponse : class
{
    private const int ReadSize = 4 * 1024;

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _ending = new();
    private readonly bool _compresses;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _channelRegistration;
    private DeadlineTimer? _deadlineTimer;
    private StreamContent? _requestContent;
    private Task<HttpResponseMessage>? _sending;
    private Task<Metadata>? _headers;
    private HttpResponseMessage? _response;
    private PipeReader? _pipe;
    private MessageReader<TResponse>? _reader;
    private Status? _breakReason;
    private Status? _status;
    private Metadata? _trailers;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        _channel = channel;
        _method = method;
        Options = options;
        Address = channel.AddressOf(method);
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        _compresses = options.Headers?.GetValue(WireNames.RequestEncodingWish) == WireNames.Gzip;
    }

    public CallOptions Options { get; }

    private Uri Address { get; }

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>The final status, or null while the call is under way.</summary>
    public Status? FinalStatus
    {
        get
        {
            lock (_ending)
            {
                return _status;
            }
        }
    }

    public override Task<Metadata> ResponseHeadersAsync => LazyInitializer.EnsureInitialized(ref _headers, ReadHeadersAsync);

    public override Status GetStatus() =>
        FinalStatus ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public override Metadata GetTrailers()
    {
        lock (_ending)
        {
            return _status is null
                ? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.")
                : _trailers ??= [];
        }
    }

    public override void Dispose() => Break(new Status(StatusCode.Cancelled, "gRPC call disposed."));

    /// <summary>Sends the request; the response is read later, by whoever wants it.</summary>
    public void Start(HttpContent content)
    {
        _requestContent = content as StreamContent;
        _sending = SendAsync(content);
        _ = _sending.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Sends the request and reads the one message of the response and the end after it.</summary>
    public async Task<TResponse> RunToOneResponseAsync(HttpContent content)
    {
        Start(content);
        var message = await ReadAsync();
        if (message is null)
        {
            throw Ended(MessageFaults.Internal("The server sent no response message.").Status);
        }

        return await ReadAsync() is null
            ? message
            : throw Ended(MessageFaults.Internal("Unexpected data after finished reading message.").Status);
    }

    /// <summary>The next message, or null when the call ended with OK; any other end is thrown.</summary>
    public async ValueTask<TResponse?> ReadAsync()
    {
        try
        {
            if (_reader is null && FinalStatus is null)
            {
                var response = await _sending!;
                _reader = FinalStatus is null ? CreateReader(response) : null;
            }

            if (FinalStatus is null && await _reader!.ReadAsync(Cancellation) is { } message)
            {
                return message;
            }

            _pipe?.Complete();
            var status = FinalStatus ?? EndByServer();
            return status.StatusCode == StatusCode.OK ? null : throw new RpcException(status, GetTrailers());
        }
        catch (Exception exception) when (exception is not RpcException || FinalStatus is null)
        {
            // Only the reader may give the pipe's segments back: anyone else would do so under its hands.
            _pipe?.Complete();
            throw Ended(exception);
        }
    }

    /// <summary>Frames a message onto pooled segments.</summary>
    public void Serialize(TRequest message, PooledSegments segments, WriteOptions? options)
    {
        var compress = _compresses && options?.Flags.HasFlag(WriteFlags.NoCompress) != true;
        new MessageWriter(segments, _channel.SendLimit, CompressionLevel.Fastest).Write(message, _method.RequestMarshaller, compress);
    }

    /// <summary>Breaks the call off for a reason of the client's, unless it has ended.</summary>
    public void Break(Status reason)
    {
        lock (_ending)
        {
            if (_status is not null || _breakReason is not null)
            {
                return;
            }

            _breakReason = reason;
        }

        _cancellation.Cancel();
        Ended(reason);
    }

    /// <summary>Ends the call because of an exception, if it has not ended; the answer is what to throw.</summary>
    public RpcException Ended(Exception exception)
    {
        Status? reason;
        lock (_ending)
        {
            reason = _breakReason;
        }

        return Ended(reason ?? (exception is OperationCanceledException && !Cancellation.IsCancellationRequested
            ? new Status(StatusCode.Unavailable, "The connection gave the call up.", exception)
            : ClientStatus.OfException(exception)));
    }

    private RpcException Ended(Status status)
    {
        End(status, trailers: null);
        return new RpcException(GetStatus(), GetTrailers());
    }

    private Status EndByServer()
    {
        var trailing = _response!.TrailingHeaders;
        var status = ClientStatus.Read(trailing);
        if (status is null)
        {
            End(MessageFaults.Internal("No grpc-status found on response.").Status, trailers: null);
        }
        else
        {
            End(status.Value, ClientStatus.ReadMetadata(trailing));
        }

        return GetStatus();
    }

    private void End(Status status, Metadata? trailers)
    {
        lock (_ending)
        {
            if (_status is not null)
            {
                return;
            }

            _status = status;
            _trailers = trailers;
        }

        if (status.StatusCode != StatusCode.OK)
        {
            CallEnded(_channel.Log, _method.FullName, status);
        }

        _deadlineTimer?.Dispose();
        _callerRegistration.Dispose();
        _channelRegistration.Dispose();
        _requestContent?.Abandon(new RpcException(status, trailers ?? []));
        if (status.StatusCode != StatusCode.OK)
        {
            // Resets the stream if either side of it is still open.
            _cancellation.Cancel();
        }

        _response?.Dispose();
    }

    private MessageReader<TResponse> CreateReader(HttpResponseMessage response)
    {
        var encoding = response.Headers.NonValidated.TryGetValues(WireNames.Encoding, out var values) ? values.ToString() : null;
        _pipe = PipeReader.Create(
            response.Content.ReadAsStream(Cancellation), new StreamPipeReaderOptions(bufferSize: ReadSize, leaveOpen: true));
        return new MessageReader<TResponse>(_pipe, _method.ResponseMarshaller, encoding, _channel.ReceiveLimit);
    }

    private async Task<Metadata> ReadHeadersAsync()
    {
        try
        {
            return ClientStatus.ReadMetadata((await _sending!).Headers);
        }
        catch (Exception exception)
        {
            throw Ended(exception);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Call of '{Method}' ended with {Status}")]
    private static partial void CallEnded(ILogger log, string method, Status status);
}
