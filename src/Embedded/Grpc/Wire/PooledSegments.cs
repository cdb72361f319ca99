using System.Buffers;

namespace Grpc.Wire;

/// <summary>A buffer writer over a chain of pooled arrays, so that a message of any size is neither copied nor grown.</summary>
internal sealed class PooledSegments : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSegment = 4096;
    private const int LargestSegment = 128 * 1024;

    private Segment? _first;
    private Segment? _last;

    public long Length { get; private set; }

    public void Advance(int count)
    {
        // Protobuf's writer advances by nothing before it has asked for room.
        if (count > 0)
        {
            _last!.Written += count;
            Length += count;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => RoomFor(sizeHint).Free;

    public Span<byte> GetSpan(int sizeHint = 0) => RoomFor(sizeHint).Free.Span;

    /// <summary>What was written so far; valid until the next write, <see cref="Clear"/> or disposal.</summary>
    public ReadOnlySequence<byte> AsSequence()
    {
        if (_first is null)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        long index = 0;
        for (var segment = _first; segment is not null; segment = segment.NextSegment)
        {
            index = segment.Seal(index);
        }

        return new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Written);
    }

    /// <summary>Gives the arrays back to the pool.</summary>
    public void Clear()
    {
        for (var segment = _first; segment is not null; segment = segment.NextSegment)
        {
            ArrayPool<byte>.Shared.Return(segment.Array);
        }

        _first = null;
        _last = null;
        Length = 0;
    }

    public void Dispose() => Clear();

    private Segment RoomFor(int sizeHint)
    {
        if (_last is not null && _last.Array.Length - _last.Written >= Math.Max(sizeHint, 1))
        {
            return _last;
        }

        var size = Math.Max(sizeHint, _last is null ? SmallestSegment : Math.Min(_last.Array.Length * 2, LargestSegment));
        var added = new Segment(ArrayPool<byte>.Shared.Rent(size));
        if (_last is null)
        {
            _first = added;
        }
        else
        {
            _last.NextSegment = added;
        }

        _last = added;
        return added;
    }

    private sealed class Segment(byte[] array) : ReadOnlySequenceSegment<byte>
    {
        public byte[] Array => array;

        public int Written { get; set; }

        public Segment? NextSegment { get; set; }

        public Memory<byte> Free => array.AsMemory(Written);

        public long Seal(long runningIndex)
        {
            RunningIndex = runningIndex;
            Memory = array.AsMemory(0, Written);
            Next = NextSegment;
            return runningIndex + Written;
        }
    }
}
