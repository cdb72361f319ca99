using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Frames messages onto a buffer writer. One that announces its length and is not compressed is serialized straight into it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "What is held is given back before Write returns.")]
internal sealed class MessageWriter(IBufferWriter<byte> output, int? limit, CompressionLevel compressionLevel) : SerializationContext
{
    private PooledSegments? _held;
    private int? _announced;
    private bool _isCompressed;
    private bool _isComplete;

    public void Write<T>(T message, Marshaller<T> marshaller, bool compress)
    {
        _announced = null;
        _isCompressed = compress;
        _isComplete = false;
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!_isComplete)
            {
                throw new InvalidOperationException("The serializer did not complete the message.");
            }
        }
        finally
        {
            _held?.Dispose();
            _held = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        if (payloadLength > limit)
        {
            throw MessageFaults.SentTooLarge();
        }

        _announced = payloadLength;
        if (!_isCompressed)
        {
            WriteHeader(payloadLength, isCompressed: false);
        }
    }

    public override IBufferWriter<byte> GetBufferWriter() =>
        _announced is not null && !_isCompressed ? output : _held ??= new PooledSegments();

    public override void Complete(byte[] payload)
    {
        if (_announced is null)
        {
            SetPayloadLength(payload.Length);
        }

        GetBufferWriter().Write(payload);
        Complete();
    }

    public override void Complete()
    {
        _isComplete = true;
        if (_held is null)
        {
            if (_announced is null || _isCompressed)
            {
                _held = new PooledSegments();
                WriteHeld(_held);
            }

            return;
        }

        WriteHeld(_held);
    }

    private void WriteHeld(PooledSegments held)
    {
        if (held.Length > limit)
        {
            throw MessageFaults.SentTooLarge();
        }

        // Of nothing, gzip makes nothing, and others take that for a broken archive.
        if (!_isCompressed || held.Length == 0)
        {
            WriteHeader((int)held.Length, isCompressed: false);
            Copy(held.AsSequence());
            return;
        }

        using var compressed = new PooledSegments();
        GzipEncoding.Compress(held.AsSequence(), compressed, compressionLevel);
        WriteHeader((int)compressed.Length, isCompressed: true);
        Copy(compressed.AsSequence());
    }

    private void Copy(ReadOnlySequence<byte> payload)
    {
        foreach (var memory in payload)
        {
            output.Write(memory.Span);
        }
    }

    private void WriteHeader(int length, bool isCompressed)
    {
        var header = output.GetSpan(WireNames.FrameHeaderLength);
        header[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
        output.Advance(WireNames.FrameHeaderLength);
    }
}
