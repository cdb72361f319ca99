using System.Collections.Immutable;

namespace Scheduler.Storage;

/// <summary>A gateway's pull: which debtors were taken for it, stored before the first of them is leased.</summary>
/// <param name="RecordedAt">Unix milliseconds.</param>
public sealed record PullRow(string Gateway, string PullId, string Instance, long RecordedAt, ImmutableArray<DebtorKey> Keys)
{
    /// <summary>Keys are stored as one text, a line each.</summary>
    public static ImmutableArray<DebtorKey> ParseKeys(string lines) => lines.Length == 0 ? [] : [.. lines.Split('\n').Select(DebtorKey.Parse)];

    public string FormatKeys() => string.Join('\n', Keys);
}

/// <summary>What became of a pull. The first one of its id stands.</summary>
public enum PullAnswer
{
    None = 0,
    Added = 1,
    AlreadyExists = 2,
    TooLarge = 3,
    Poisoned = 4,
}

/// <summary>Pulls, for replay after a lost answer or a crash. Pull ids belong to their gateway.</summary>
public interface IPullStore
{
    /// <summary>Durable when it answers; travels with the debtors' writes. A replay must read the row rather than use its own keys.</summary>
    ValueTask<PullAnswer> AddPullAsync(PullRow pull, CancellationToken cancellationToken = default);

    Task<PullRow?> ReadPullAsync(string gateway, string pullId, CancellationToken cancellationToken = default);

    /// <summary>The gateway's pulls recorded at or after <paramref name="since"/> (unix milliseconds), oldest first.</summary>
    Task<IReadOnlyList<PullRow>> ListPullsAsync(string gateway, long since, CancellationToken cancellationToken = default);

    /// <summary>Drops pulls recorded before <paramref name="before"/> (unix milliseconds); answers how many.</summary>
    Task<int> DropPullsAsync(long before, CancellationToken cancellationToken = default);
}
