using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The gzip message encoding, from sequence to sequence.</summary>
internal static class GzipEncoding
{
    private const int ReadSize = 16 * 1024;

    public static void Compress(ReadOnlySequence<byte> payload, PooledSegments output, CompressionLevel level)
    {
        using var gzip = new GZipStream(new WriterStream(output), level);
        foreach (var memory in payload)
        {
            gzip.Write(memory.Span);
        }
    }

    /// <summary>Fills <paramref name="output"/>; stops as soon as the limit is passed, however much more there would be.</summary>
    public static void Decompress(ReadOnlySequence<byte> payload, PooledSegments output, int? limit)
    {
        try
        {
            using var gzip = new GZipStream(new SequenceStream(payload), CompressionMode.Decompress);
            int read;
            while ((read = gzip.Read(output.GetSpan(ReadSize))) > 0)
            {
                output.Advance(read);
                if (output.Length > limit)
                {
                    throw MessageFaults.ReceivedTooLarge();
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The compressed message cannot be decompressed.", exception));
        }
    }

    private abstract class OneWayStream : Stream
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class SequenceStream(ReadOnlySequence<byte> sequence) : OneWayStream
    {
        private ReadOnlySequence<byte> _unread = sequence;

        public override bool CanRead => true;

        public override bool CanWrite => false;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _unread.Length);
            _unread.Slice(0, count).CopyTo(buffer);
            _unread = _unread.Slice(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class WriterStream(PooledSegments output) : OneWayStream
    {
        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
