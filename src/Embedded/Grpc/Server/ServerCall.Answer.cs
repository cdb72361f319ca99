using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Whether the call's end, which flushes by itself, follows a message at once.</summary>
internal enum WriteEnd
{
    MoreMessages,
    LastMessage,
}

internal sealed partial class ServerCall
{
    /// <summary>Serializes a message into the response and waits until there is room for more.</summary>
    public async Task WriteAsync<T>(
        T message, Marshaller<T> marshaller, WriteOptions? options, WriteEnd end, CancellationToken cancellationToken = default)
    {
        var flags = options?.Flags ?? default;
        var started = BeginAnswer(headers: null);
        if (!started.IsCompletedSuccessfully)
        {
            await started;
        }

        lock (_answer)
        {
            if (IsEnded)
            {
                ThrowEnded();
            }

            _writer ??= new MessageWriter(http.Response.BodyWriter, server.SendLimit, server.CompressionLevel);
            _writer.Write(message, marshaller, _compresses && !flags.HasFlag(WriteFlags.NoCompress));
        }

        if (end == WriteEnd.MoreMessages && !flags.HasFlag(WriteFlags.BufferHint))
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Ends the answer with a status, unless it has ended: in trailers, or in the headers if nothing was written.</summary>
    public void End(Status status, Metadata? trailers = null)
    {
        lock (_answer)
        {
            if (!IsEnded)
            {
                EndWithLockHeld(status, trailers);
            }
        }
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        lock (_answer)
        {
            if (_hasBegunAnswer)
            {
                throw new InvalidOperationException("Response headers can only be sent once per call.");
            }
        }

        return WriteHeadersAsync(responseHeaders);
    }

    private async Task WriteHeadersAsync(Metadata responseHeaders)
    {
        await BeginAnswer(responseHeaders);
        await FlushAsync(CancellationToken.None);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled || cancellationToken == CancellationToken)
        {
            await http.Response.BodyWriter.FlushAsync(CancellationToken);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken);
        await http.Response.BodyWriter.FlushAsync(either.Token);
    }

    private Task BeginAnswer(Metadata? headers)
    {
        lock (_answer)
        {
            if (IsEnded)
            {
                ThrowEnded();
            }

            if (_hasBegunAnswer)
            {
                return Task.CompletedTask;
            }

            foreach (var entry in headers ?? [])
            {
                http.Response.Headers.Append(entry.Key, MetadataText.Write(entry));
            }

            _hasBegunAnswer = true;
            return http.Response.StartAsync();
        }
    }

    private void EndWithLockHeld(Status status, Metadata? trailers)
    {
        IsEnded = true;
        var target = http.Response.Headers;
        if (_hasBegunAnswer)
        {
            target = http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        }
        else
        {
            http.Response.ContentType = WireNames.ContentType;
            target.Remove(WireNames.Encoding);
        }

        var isSendable = TryCopy(_responseTrailers, target) && TryCopy(trailers, target);
        if (!isSendable)
        {
            status = new Status(StatusCode.Internal, "A trailer has characters that a header cannot carry.");
        }

        target[WireNames.Status] = StatusText.Number(status.StatusCode);
        if (status.Detail.Length > 0)
        {
            target[WireNames.Message] = PercentEncoding.Encode(status.Detail);
        }
    }

    private static bool TryCopy(Metadata? entries, IHeaderDictionary target)
    {
        if (entries is null)
        {
            return true;
        }

        foreach (var entry in entries)
        {
            if (!MetadataText.TryWrite(entry, out var value))
            {
                return false;
            }

            target.Append(entry.Key, value);
        }

        return true;
    }

    private void ThrowEnded()
    {
        CancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException("Can't write the message because the request is complete.");
    }
}
