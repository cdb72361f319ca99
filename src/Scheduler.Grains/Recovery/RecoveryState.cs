using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Recovery;

/// <summary>Why it is thought that writes were lost.</summary>
public enum RecoveryCause
{
    Unknown = 0,

    /// <summary>The log ends before the mark.</summary>
    LogEndsEarly = 1,

    /// <summary>The log has another record where the mark stands.</summary>
    LogDiffers = 2,

    /// <summary>The mark is another database's.</summary>
    OtherDatabase = 3,

    /// <summary>The mark is gone, and the database had one.</summary>
    MarkMissing = 4,

    /// <summary>An operator says so.</summary>
    Stated = 5,
}

/// <summary>How a recovery ended.</summary>
public enum RecoveryEnd { Unknown = 0, Resent = 1, GapDeclared = 2 }

/// <summary>Whether writes may have been lost, and the gaps that were declared. While a recovery is open nothing is leased.</summary>
/// <param name="Row">Version of the settings row; 0: nothing was ever written.</param>
/// <param name="Start">Last write that is known.</param>
/// <param name="Epoch">Recovery epoch from which on this holds.</param>
public sealed record RecoveryState(long Row, bool IsOpen, RecoveryCause Cause, Instant BegunAt, Instant Start, long LastCursor, long MarkedCursor, long Epoch)
{
    public const string Key = "recovery/state";

    public static readonly RecoveryState None = new(0, IsOpen: false, RecoveryCause.Unknown, default, default, 0, 0, 0);

    public ImmutableArray<RecoveryGap> Gaps { get; init; } = [];

    public RecoveryEnd Ended { get; init; }

    public string Actor { get; init; } = "";

    public string Reason { get; init; } = "";

    public Instant ChangedAt { get; init; }

    public static RecoveryState Read(SettingRow? row)
    {
        if (row is null) return None;
        var stored = Stored.RecoveryState.Parser.ParseFrom(row.Value.Span);
        return new RecoveryState(
            row.Version, stored.Open, (RecoveryCause)stored.Cause, Ms(stored.BegunAt), Ms(stored.Start), stored.LastCursor, stored.MarkedCursor, stored.Epoch)
        {
            Gaps = [.. stored.Gaps.Select(static gap => new RecoveryGap(gap.Number, Ms(gap.Start), Ms(gap.End)))],
            Ended = (RecoveryEnd)stored.Ended,
            Actor = row.Actor,
            Reason = row.Reason,
            ChangedAt = Ms(row.At),
        };
    }

    public byte[] Write()
    {
        var stored = new Stored.RecoveryState
        {
            Open = IsOpen,
            Cause = (uint)Cause,
            BegunAt = BegunAt.ToUnixTimeMilliseconds(),
            Start = Start.ToUnixTimeMilliseconds(),
            LastCursor = LastCursor,
            MarkedCursor = MarkedCursor,
            Epoch = Epoch,
            Ended = (uint)Ended,
        };
        foreach (var gap in Gaps)
        {
            stored.Gaps.Add(new Stored.RecoveryGap { Number = gap.Number, Start = gap.Start.ToUnixTimeMilliseconds(), End = gap.End.ToUnixTimeMilliseconds() });
        }

        return stored.ToByteArray();
    }

    private static Instant Ms(long at) => Instant.FromUnixTimeMilliseconds(at);
}
