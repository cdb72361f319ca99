namespace Scheduler.Storage;

/// <summary>What a lane is for: tenant, channel, priority band.</summary>
public readonly record struct LaneKey(string Tenant, string Channel, int Band);

/// <summary>A lane and its small integer, which rows store and which never changes.</summary>
public readonly record struct LaneRow(int Lane, LaneKey Key);

/// <summary>The lanes' small integers. Answers from memory after the first time.</summary>
public interface ILaneCatalogue
{
    ValueTask<int> GetOrAddLaneAsync(LaneKey key, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<LaneRow>> ListLanesAsync(CancellationToken cancellationToken = default);
}
