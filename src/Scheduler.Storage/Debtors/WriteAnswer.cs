namespace Scheduler.Storage;

/// <summary>What became of one row. Only <see cref="Committed"/> changed anything.</summary>
public enum WriteAnswerKind
{
    None = 0,

    Committed = 1,

    /// <summary>The row has another version, or is not there: read again and decide again.</summary>
    Conflict = 2,

    /// <summary>A create met a row (a tombstone too).</summary>
    AlreadyExists = 3,

    /// <summary>The policy or recovery epoch moved on.</summary>
    EpochChanged = 4,

    /// <summary>The write's deadline passed before it was sent.</summary>
    DeadlinePassed = 5,

    /// <summary>State, event or links exceed their limit.</summary>
    TooLarge = 6,

    /// <summary>The database refused this row's values; sending it again will not help.</summary>
    Poisoned = 7,

    /// <summary>Facts are known about an added address that the decision did not know: look them up and decide again.</summary>
    AddressKnown = 8,

    /// <summary>A link of <see cref="DebtorWrite.SoleLinks"/> is another debtor's too; nothing was written.</summary>
    LinkShared = 9,
}

/// <summary>The answer to one write.</summary>
/// <param name="Version">Committed: the new version. Conflict, AlreadyExists: the version that is there (0 when none). Else 0.</param>
/// <param name="EventSeq">Committed: the debtor's last event.</param>
public readonly record struct WriteAnswer(WriteAnswerKind Kind, long Version = 0, long EventSeq = 0)
{
    public bool IsCommitted => Kind == WriteAnswerKind.Committed;
}
