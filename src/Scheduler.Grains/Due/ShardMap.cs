using NodaTime;
using Scheduler.Storage;

namespace Scheduler.Grains.Due;

/// <summary>Which shard keeps which slices.</summary>
public static class ShardMap
{
    /// <summary>Shards of one deployment. Slices are stored, shards are not: the number may change between runs.</summary>
    public const int ShardCount = 16;

    private const int SlicesPerShard = DebtorKey.SliceCount / ShardCount;

    public static long ShardOf(int slice) => slice / SlicesPerShard;

    public static SliceRange SlicesOf(long shard) => new((int)shard * SlicesPerShard, ((int)shard + 1) * SlicesPerShard);
}

/// <summary>How far ahead shards know what falls due.</summary>
internal static class DueHorizon
{
    public static readonly Duration Ahead = Duration.FromHours(6);

    /// <summary>What falls due within this time may take a lane's whole memory; what comes later only half of it.</summary>
    public static readonly Duration Near = Duration.FromMinutes(2);
}
