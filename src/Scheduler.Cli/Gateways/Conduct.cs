using System.Collections.Immutable;
using Scheduler.V1;

namespace Scheduler.Cli.Gateways;

/// <summary>How a simulated contact goes: not placed, or placed with what is known at once and what comes later.</summary>
internal sealed record Conduct
{
    /// <summary>Why it was not placed; null when it was.</summary>
    public NotPlacedReason? NotPlaced { get; init; }

    public Disposition Disposition { get; init; }

    public ContactFacts Facts { get; init; } = new();

    public ImmutableArray<LaterReceipt> Receipts { get; init; } = [];

    /// <summary>What the debtor said or wrote, if anything.</summary>
    public Answer Answer { get; init; }

    /// <summary>How long after placing a written answer comes; zero when it was said in the conversation.</summary>
    public TimeSpan AnswerAfter { get; init; }
}

/// <summary>A receipt and how long after placing it comes.</summary>
internal readonly record struct LaterReceipt(ReceiptKind Kind, TimeSpan After, bool IsFinal);

/// <summary>What a debtor answers.</summary>
internal enum Answer
{
    None = 0,
    Promise = 1,
    Dispute = 2,
    Stop = 3,
    Cease = 4,
    Conversation = 5,
    PaymentClaimed = 6,
    WrongPerson = 7,
}
