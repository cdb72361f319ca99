using System.Collections.Immutable;
using Orleans.Concurrency;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Due;

/// <summary>Keeps the due debtors of some slices in memory, some hours ahead, and wakes those whose lane has room. Memory is a cache: the store repairs it.</summary>
[Alias("scheduler.due-shard")]
public interface IDueShardGrain : IGrainWithIntegerKey, IRemindable
{
    /// <summary>A debtor was written. Merged by highest version, never awaited.</summary>
    [OneWay]
    Task Hint(DueHint hint);

    /// <summary>A queue has room. Also revives a shard that died.</summary>
    [OneWay]
    Task RequestOffers(OfferRequest request);

    /// <summary>Makes sure that the shard runs; answers how many debtors it holds.</summary>
    /// <param name="sweep">Also looks through everything that is due, at once.</param>
    Task<int> Rouse(bool sweep);
}

/// <summary>Where a debtor stands in the due index after a write.</summary>
/// <param name="DueAt">Unix milliseconds; null: it left the index.</param>
[GenerateSerializer, Immutable, Alias("scheduler.due-hint")]
public sealed record DueHint(string Debtor, long Version, long? DueAt, int Lane);

/// <summary>How much more a queue takes.</summary>
/// <param name="Incarnation">Changes when the queue lost its memory: what was offered before is due again.</param>
/// <param name="Room">For every lane of the channel that <paramref name="Lanes"/> does not name.</param>
[GenerateSerializer, Immutable, Alias("scheduler.offer-request")]
public sealed record OfferRequest(ContactChannel Channel, long Incarnation, int Room, ImmutableArray<LaneRoom> Lanes);

/// <summary>Room of one lane.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lane-room")]
public readonly record struct LaneRoom(int Lane, int Room);
