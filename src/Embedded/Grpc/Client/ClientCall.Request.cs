using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

internal sealed partial class ClientCall<TRequest, TResponse>
{
    private static readonly string UserAgent = $"grpc-dotnet-scheduler/{typeof(GrpcChannel).Assembly.GetName().Version}";

    /// <summary>Sends the request and answers with the response when its headers are those of a gRPC call under way.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpContent content)
    {
        try
        {
            // Not disposed: that would dispose the content, which the connection may still be sending.
            var request = CreateRequest(content);
            StartClocks(request);
            Cancellation.ThrowIfCancellationRequested();
            var response = await _channel.Transport.SendAsync(request, Cancellation);
            lock (_ending)
            {
                _response = response;
            }

            if (FinalStatus is { } ended)
            {
                response.Dispose();
                throw new RpcException(ended, GetTrailers());
            }

            CheckHeaders(response);
            return response;
        }
        catch (Exception exception) when (FinalStatus is null)
        {
            throw Ended(exception);
        }
    }

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation(WireNames.AcceptEncoding, WireNames.AcceptedEncodings);
        if (_compresses)
        {
            headers.TryAddWithoutValidation(WireNames.Encoding, WireNames.Gzip);
        }

        if (Options.Headers is { } metadata)
        {
            foreach (var entry in metadata)
            {
                if (entry.Key != WireNames.RequestEncodingWish)
                {
                    headers.TryAddWithoutValidation(entry.Key, MetadataText.Write(entry));
                }
            }
        }

        return request;
    }

    /// <summary>From here on the deadline, the caller's token and the channel's disposal can break the call.</summary>
    private void StartClocks(HttpRequestMessage request)
    {
        if (Options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            StartDeadline(request, deadline);
        }

        _callerRegistration = Options.CancellationToken.UnsafeRegister(
            static call => ((ClientCall<TRequest, TResponse>)call!).Break(new Status(StatusCode.Cancelled, "Call canceled by the client.")),
            this);
        _channelRegistration = _channel.Disposal.UnsafeRegister(
            static call => ((ClientCall<TRequest, TResponse>)call!).Break(new Status(StatusCode.Cancelled, "The channel was disposed.")),
            this);
    }

    private void StartDeadline(HttpRequestMessage request, DateTime deadline)
    {
        var clock = AmbientClock.Instance;
        var end = new DateTimeOffset(deadline, TimeSpan.Zero);
        var remaining = end - clock.GetUtcNow();
        if (remaining <= TimeSpan.Zero)
        {
            ExceedDeadline();
            return;
        }

        request.Headers.TryAddWithoutValidation(WireNames.Timeout, TimeoutHeader.Format(remaining));
        _deadlineTimer = new DeadlineTimer(clock, remaining, end, ExceedDeadline);
    }

    private void ExceedDeadline() => Break(new Status(StatusCode.DeadlineExceeded, ""));

    private void CheckHeaders(HttpResponseMessage response)
    {
        if (ClientStatus.Read(response.Headers) is { } trailersOnly)
        {
            var isSilentSuccess = trailersOnly.StatusCode == StatusCode.OK;
            End(trailersOnly, ClientStatus.ReadMetadata(response.Headers));
            if (!isSilentSuccess)
            {
                throw new RpcException(GetStatus(), GetTrailers());
            }
        }
        else if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcException(ClientStatus.OfHttp(response.StatusCode));
        }
        else
        {
            var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
            if (!WireNames.IsGrpcContentType(contentType))
            {
                throw new RpcException(new Status(StatusCode.Unknown, $"Bad gRPC response. Content-Type: '{contentType}'"));
            }
        }
    }
}
