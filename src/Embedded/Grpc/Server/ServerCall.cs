using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// One call on the server: its context as the handler sees it, and its answer. The answer ends once, by the handler or by the deadline,
/// whichever is first; after that nothing is written.
/// </summary>
internal sealed partial class ServerCall(HttpContext http, GrpcServer server, string method) : ServerCallContext, IDisposable
{
    /// <summary>What Kestrel allows a request body by default.</summary>
    private const int TransportBodyLimit = 30_000_000;

    private readonly Lock _answer = new();
    private MessageWriter? _writer;
    private CancellationTokenSource? _cancellation;
    private DeadlineTimer? _deadlineTimer;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private DateTime _deadline = DateTime.MaxValue;
    private bool _hasBegunAnswer;
    private bool _compresses;
    private Task _deadlineAnswered = Task.CompletedTask;

    public HttpContext HttpContext => http;

    public bool IsEnded { get; private set; }

    public bool IsAborted => http.RequestAborted.IsCancellationRequested;

    /// <summary>Stops reads of the request. Without a deadline the transport itself breaks them off when the client goes.</summary>
    public CancellationToken ReadCancellation => _cancellation?.Token ?? CancellationToken.None;

    /// <summary>Completed unless the deadline is being answered just now; the request must not be given back before.</summary>
    public Task DeadlineAnswered
    {
        get
        {
            lock (_answer)
            {
                return _deadlineAnswered;
            }
        }
    }

    protected override string MethodCore => method;

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore => ServerPeer.Describe(http.Connection);

    protected override DateTime DeadlineCore => _deadline;

    protected override CancellationToken CancellationTokenCore => _cancellation?.Token ?? http.RequestAborted;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= ServerPeer.Authenticate(http.Connection);

    /// <summary>Sets the standard headers and starts the deadline.</summary>
    public void Begin()
    {
        var headers = http.Request.Headers;
        http.Response.ContentType = WireNames.ContentType;
        var encoding = headers[WireNames.Encoding].ToString();
        if (encoding is not ("" or WireNames.Identity or WireNames.Gzip))
        {
            http.Response.Headers[WireNames.AcceptEncoding] = WireNames.AcceptedEncodings;
        }

        _compresses = server.CompressesResponses
            && headers[WireNames.AcceptEncoding].ToString().Contains(WireNames.Gzip, StringComparison.Ordinal);
        if (_compresses)
        {
            http.Response.Headers[WireNames.Encoding] = WireNames.Gzip;
        }

        if (server.ReceiveLimit is null or > TransportBodyLimit)
        {
            LiftSizeLimit();
        }

        if (headers.TryGetValue(WireNames.Timeout, out var timeout))
        {
            StartDeadline(timeout.ToString());
        }
    }

    /// <summary>For streams of requests: no smallest rate and no largest sum, the limit is on each message.</summary>
    public void LiftRequestLimits()
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        LiftSizeLimit();
    }

    public MessageReader<T> CreateReader<T>(Marshaller<T> marshaller)
        where T : class
    {
        var encoding = http.Request.Headers[WireNames.Encoding].ToString();
        return new MessageReader<T>(http.Request.BodyReader, marshaller, encoding.Length == 0 ? null : encoding, server.ReceiveLimit);
    }

    public void Dispose()
    {
        _deadlineTimer?.Dispose();
        _cancellation?.Dispose();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Calls are not propagated: pass Deadline and CancellationToken on.");

    private void LiftSizeLimit()
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (key, values) in http.Request.Headers)
        {
            foreach (var value in values)
            {
                MetadataText.Read(key, value ?? "", metadata);
            }
        }

        return metadata;
    }

    private void StartDeadline(string header)
    {
        if (!TimeoutHeader.TryParse(header, out var timeout))
        {
            throw MessageFaults.Internal($"Malformed {WireNames.Timeout}.");
        }

        var now = server.Clock.GetUtcNow();
        var isFinite = timeout < DateTimeOffset.MaxValue - now;
        if (isFinite)
        {
            var deadline = now + timeout;
            _deadline = deadline.UtcDateTime;
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            _deadlineTimer = new DeadlineTimer(server.Clock, timeout, deadline, OnDeadline);
        }
    }

    private void OnDeadline()
    {
        lock (_answer)
        {
            if (!IsEnded)
            {
                EndWithLockHeld(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), trailers: null);
                _deadlineAnswered = AnswerDeadlineAsync();
            }
        }
    }

    private async Task AnswerDeadlineAsync()
    {
        // Leave the lock and the timer's thread first: handlers run continuations on cancellation.
        await Task.Yield();
        try
        {
            await _cancellation!.CancelAsync();
            await http.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone: nobody is left to be told.
        }
    }
}
