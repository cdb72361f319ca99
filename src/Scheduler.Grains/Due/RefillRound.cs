namespace Scheduler.Grains.Due;

/// <summary>
/// What one turn of a shard reads of what its lanes ask for: a bounded part, beginning after the lane that the last turn ended with, so that every lane has its
/// turn however many there are.
/// </summary>
internal sealed class RefillRound
{
    /// <summary>Lanes asked for in one turn: most of them have nothing to read.</summary>
    public const int Lanes = 256;

    /// <summary>Asked for at once; after each step the turn ends where enough has come.</summary>
    public const int StepLanes = 8;

    /// <summary>Rows after which a turn ends; the last step may bring more.</summary>
    public const int Rows = 4_096;

    private int _last = int.MinValue;

    /// <summary>Reads the turn's part of <paramref name="wanted"/>; true where it was all of them.</summary>
    /// <param name="read">Reads one step and answers how many rows came.</param>
    public async Task<bool> ReadAsync(IEnumerable<DueLane> wanted, Func<IReadOnlyList<DueLane>, Task<int>> read)
    {
        var last = _last;
        List<DueLane> ordered = [.. wanted.OrderBy(lane => lane.Lane <= last).ThenBy(static lane => lane.Lane)];
        var rows = 0;
        var lanes = 0;
        while (lanes < ordered.Count)
        {
            if (rows >= Rows || lanes >= Lanes) return false;
            var step = ordered.GetRange(lanes, Math.Min(StepLanes, ordered.Count - lanes));
            rows += await read(step);
            lanes += step.Count;
            _last = step[^1].Lane;
        }

        return true;
    }
}
