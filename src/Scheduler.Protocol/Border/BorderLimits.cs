using NodaTime;

namespace Scheduler.Protocol.Border;

/// <summary>Bounds of what a request may carry. What one debtor may hold in all stands in Domain's DebtorLimits.</summary>
public static class BorderLimits
{
    public const int BatchItems = 1_000;

    /// <summary>Bytes of a batch or of an answer; below the 4 MiB at which a message is refused unread.</summary>
    public const int BatchBytes = 3 * 1024 * 1024;

    public const int IdLength = 128;
    public const int WordLength = 64;
    public const int ReferenceLength = 256;
    public const int AddressLength = 512;
    /// <summary>Debtors that one address may stand for. Beyond it the address says nothing about anybody.</summary>
    public const int DebtorsOfAddress = 100;

    public const int Points = 16;
    public const int Locations = 16;
    public const int Tags = 32;
    public const int TagLength = 128;
    public const int Variables = 24;
    public const int VariableLength = 512;
    public const int Windows = 32;
    public const int Tenants = 64;
    public const int OutcomeSignals = 16;

    /// <summary>Whole units of an amount, either way: sums of payments stay far from the end of their type.</summary>
    public const long AmountUnits = 1_000_000_000_000_000;

    public const int PageSizeDefault = 50;
    public const int PageSizeLimit = 500;

    public static readonly Duration LeaseLimit = Duration.FromHours(4);
    public static readonly Duration WaitLimit = Duration.FromSeconds(30);

    /// <summary>How far ahead of our clock a fact may claim to have happened.</summary>
    public static readonly Duration FactAhead = Duration.FromMinutes(5);

    /// <summary>Instants outside of these are mistakes of unit or of type, not facts.</summary>
    public static readonly Instant Earliest = Instant.FromUtc(1900, 1, 1, 0, 0);

    /// <inheritdoc cref="Earliest"/>
    public static readonly Instant Latest = Instant.FromUtc(2200, 1, 1, 0, 0);
}
