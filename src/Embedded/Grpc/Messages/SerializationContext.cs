using System.Buffers;

namespace Grpc.Core;

/// <summary>Receives one serialized message: either a whole array, or an announced length and bytes through a buffer writer.</summary>
public abstract class SerializationContext
{
    public virtual void Complete(byte[] payload) => throw NotOffered(nameof(Complete));

    public virtual IBufferWriter<byte> GetBufferWriter() => throw NotOffered(nameof(GetBufferWriter));

    public virtual void SetPayloadLength(int payloadLength) => throw NotOffered(nameof(SetPayloadLength));

    public virtual void Complete() => throw NotOffered(nameof(Complete));

    private NotSupportedException NotOffered(string member) => new($"{GetType().Name} does not offer {member}.");
}
