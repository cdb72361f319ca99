namespace Scheduler.Protocol.Events;

/// <summary>Seals what is personal in a decision's events, straight into where it is to lie.</summary>
public interface IEventSeal
{
    /// <summary>Bytes that a box has beyond what is sealed in it.</summary>
    int Overhead { get; }

    /// <param name="plain">What is to be sealed; not kept.</param>
    /// <param name="box">As long as that and the overhead.</param>
    void SealEvents(ReadOnlySpan<byte> plain, Span<byte> box);
}
