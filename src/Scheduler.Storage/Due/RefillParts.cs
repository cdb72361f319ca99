namespace Scheduler.Storage;

/// <summary>Cuts what is asked of the due index into parts of bounded work: a statement is over long before its time is, however many lanes are asked for.</summary>
public static class RefillParts
{
    /// <summary>Rows asked for in one part, by the lanes' limits; a lane of more is a part by itself.</summary>
    public const int Rows = 8_192;

    /// <summary>Lanes of one part: an empty one costs a look into each slice.</summary>
    public const int Lanes = 64;

    /// <summary>All of <paramref name="demands"/>, in their order.</summary>
    public static IEnumerable<IReadOnlyList<LaneDemand>> Of(IReadOnlyList<LaneDemand> demands)
    {
        var part = new List<LaneDemand>();
        var rows = 0L;
        foreach (var demand in demands)
        {
            if (part.Count > 0 && (part.Count == Lanes || rows + demand.Limit > Rows))
            {
                yield return part;
                part = [];
                rows = 0;
            }

            part.Add(demand);
            rows += demand.Limit;
        }

        if (part.Count > 0) yield return part;
    }
}
