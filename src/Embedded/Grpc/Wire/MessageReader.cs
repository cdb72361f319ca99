using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Takes messages off a pipe, each parsed in place from the pipe's own buffers.</summary>
internal sealed class MessageReader<T>(PipeReader pipe, Marshaller<T> marshaller, string? encoding, int? limit) : DeserializationContext
    where T : class
{
    private const int LargestStep = 1024 * 1024;

    private ReadOnlySequence<byte> _payload;

    /// <summary>Bytes of the last message that was parsed, without its frame and its compression.</summary>
    public int Parsed { get; private set; }

    public override int PayloadLength => (int)_payload.Length;

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <summary>The next message, or null at the end of the stream.</summary>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        var wanted = 0;
        while (true)
        {
            var result = await pipe.ReadAtLeastAsync(wanted, cancellationToken);
            if (result.IsCanceled)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            var buffer = result.Buffer;
            if (TryTakeFrame(buffer, ref wanted, out var payload, out var isCompressed))
            {
                var message = Deserialize(payload, isCompressed);
                pipe.AdvanceTo(payload.End);
                return message;
            }

            if (result.IsCompleted)
            {
                pipe.AdvanceTo(buffer.End);
                return buffer.IsEmpty ? null : throw MessageFaults.Internal("Incomplete message.");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Reads on to the end of the stream, where nothing may follow the last message.</summary>
    public async ValueTask ReadEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var isEmpty = result.Buffer.IsEmpty;
            pipe.AdvanceTo(result.Buffer.End);
            if (!isEmpty)
            {
                throw MessageFaults.Internal("Additional data after the message received.");
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private bool TryTakeFrame(ReadOnlySequence<byte> buffer, ref int wanted, out ReadOnlySequence<byte> payload, out bool isCompressed)
    {
        payload = default;
        isCompressed = false;
        if (buffer.Length < WireNames.FrameHeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[WireNames.FrameHeaderLength];
        buffer.Slice(0, WireNames.FrameHeaderLength).CopyTo(header);
        if (header[0] > 1)
        {
            throw MessageFaults.Internal("Unexpected compressed flag value in message header.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > int.MaxValue || length > limit)
        {
            throw MessageFaults.ReceivedTooLarge();
        }

        isCompressed = header[0] == 1;
        if (isCompressed)
        {
            CheckEncoding();
        }

        if (buffer.Length < WireNames.FrameHeaderLength + length)
        {
            // No more than so much at once: the length is a claim, and memory is taken for it.
            wanted = (int)Math.Min(WireNames.FrameHeaderLength + length, buffer.Length + LargestStep);
            return false;
        }

        payload = buffer.Slice(WireNames.FrameHeaderLength, length);
        return true;
    }

    private void CheckEncoding()
    {
        if (encoding is null or WireNames.Identity)
        {
            throw MessageFaults.Internal("A message is flagged as compressed but grpc-encoding is identity or absent.");
        }

        if (encoding != WireNames.Gzip)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'."));
        }
    }

    private T Deserialize(ReadOnlySequence<byte> payload, bool isCompressed)
    {
        using var decompressed = isCompressed ? new PooledSegments() : null;
        if (decompressed is not null)
        {
            GzipEncoding.Decompress(payload, decompressed, limit);
            payload = decompressed.AsSequence();
        }

        _payload = payload;
        Parsed = PayloadLength;
        try
        {
            return marshaller.ContextualDeserializer(this)
                ?? throw new InvalidOperationException("The deserializer returned nothing.");
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw MessageFaults.Internal("The message cannot be deserialized.", exception);
        }
        finally
        {
            _payload = default;
        }
    }
}
