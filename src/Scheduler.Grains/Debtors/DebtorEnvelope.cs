using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <summary>
/// What a debtor's grain holds: the record as stored, and while a turn writes, the write. The record changes only when the write is durable.
/// </summary>
public sealed class DebtorEnvelope
{
    /// <summary>Null: there is no such debtor.</summary>
    public DebtorRecord? Record { get; internal set; }

    internal PreparedWrite? Pending { get; set; }
}

/// <summary>The store refused a row for a reason that reading it again does not cure.</summary>
[GenerateSerializer]
public sealed class RowRefusedException(WriteAnswerKind kind) : OrleansException($"The row was refused: {kind}.")
{
    public WriteAnswerKind Kind => kind;
}
