using System.Collections.Immutable;

namespace Scheduler.Storage;

/// <summary>One debtor's next version, with the events and links of the same decision: all of it commits, or none.</summary>
public sealed record DebtorWrite
{
    public required DebtorKey Key { get; init; }

    /// <summary>The version that this write replaces; 0 creates. The new version is one more.</summary>
    public long ExpectedVersion { get; init; }

    /// <summary>Names this write for ever: a row that carries it was written by us, whatever the answer was.</summary>
    public required Guid WriteId { get; init; }

    /// <summary>From the lane catalogue. Needed when <see cref="DueAt"/> is set.</summary>
    public int? Lane { get; init; }

    /// <summary>Unix milliseconds of the next wake; null keeps the debtor out of the due index.</summary>
    public long? DueAt { get; init; }

    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>The largest state that this write may leave; never more than <see cref="StorageLimits.StateBytes"/>.</summary>
    public int StateLimit { get; init; } = StorageLimits.StateBytes;

    public DebtorEvent? Event { get; init; }

    /// <summary>The debtor's last event before this write; 0 when there is none.</summary>
    public long PrevEventSeq { get; init; }

    /// <summary>Adding a link that is there already changes nothing.</summary>
    public ImmutableArray<DebtorLink> AddedLinks { get; init; } = [];

    public ImmutableArray<DebtorLink> RemovedLinks { get; init; } = [];

    /// <summary>Highest number of the facts about added addresses that the decision knew; with a newer one it does not commit.</summary>
    public long AddressFactsSeen { get; init; }

    /// <summary>
    /// Account and debt links of <see cref="AddedLinks"/> that no other debtor of the tenant may have: the debtor does not count together
    /// with others yet. Looked at in the same transaction.
    /// </summary>
    public ImmutableArray<DebtorLink> SoleLinks { get; init; } = [];

    /// <summary>What the replaced version counted; null for a create.</summary>
    public DebtorTally? TallyBefore { get; init; }

    public DebtorTally Tally { get; init; }

    /// <summary>Set by a lease: it commits only while both epochs are these.</summary>
    public Epochs? RequiredEpochs { get; init; }

    /// <summary>A write that was not sent before this instant is refused, and was not applied.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
