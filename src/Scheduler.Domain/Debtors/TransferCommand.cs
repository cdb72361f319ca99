using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>An account that changes hands, or in whose hands something changes.</summary>
public sealed record TransferCommand
{
    public required AccountId Account { get; init; }

    /// <summary>Empty: the same.</summary>
    public string CreditorId { get; init; } = "";

    /// <summary>Unknown: the same.</summary>
    public CollectorKind Collector { get; init; }

    /// <summary>Unknown: the same.</summary>
    public AccountStage Stage { get; init; }

    /// <summary>What the debtor agreed with the former creditor holds for the new one.</summary>
    public bool KeepsConsents { get; init; }

    public required Instant TransferredAt { get; init; }

    /// <summary>Idempotency key.</summary>
    public required string RequestId { get; init; }
}
