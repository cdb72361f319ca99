using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Scheduler.Grains.Writing;

/// <summary>Names writes for ever: a random number of the process and a count.</summary>
public sealed class WriteIds
{
    private readonly byte[] _process = RandomNumberGenerator.GetBytes(8);
    private long _count;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        _process.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Interlocked.Increment(ref _count));
        return new Guid(bytes);
    }
}
