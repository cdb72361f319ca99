using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Consent;

/// <summary>What a consent fact says.</summary>
public enum ConsentKind : byte { Unknown = 0, Granted = 1, Withdrawn = 2, HoursExtended = 3, HoursForbidden = 4 }

/// <summary>The paper a consent stands in. Unknown is treated as the contract.</summary>
public enum ConsentInstrument : byte { Unknown = 0, Contract = 1, Separate = 2, Message = 3 }

/// <summary>One fact of the consent ledger. Append-only: for one channel, purpose, point and creditor the latest by <see cref="GivenAt"/> stands.</summary>
public sealed record ConsentFact
{
    public required string Id { get; init; }

    public required ConsentKind Kind { get; init; }

    /// <summary>Channels it is about; empty: all.</summary>
    public ChannelSet Channels { get; init; }

    /// <summary>Purposes it is about; empty: collection only, and for a withdrawal all.</summary>
    public ImmutableArray<ContactPurpose> Purposes { get; init; } = [];

    /// <summary>Points it is about; empty: all.</summary>
    public ImmutableArray<PointId> Points { get; init; } = [];

    /// <summary>Creditor it was given to; empty: every creditor of the tenant.</summary>
    public string CreditorId { get; init; } = "";

    public required Instant GivenAt { get; init; }

    /// <summary>Excluded end; null: until withdrawn.</summary>
    public Instant? ExpiresAt { get; init; }

    public string Method { get; init; } = "";

    public ConsentInstrument Instrument { get; init; }

    public string WordingVersion { get; init; } = "";

    public string EvidenceRef { get; init; } = "";

    public bool GivenDirectly { get; init; }

    /// <summary>Given on the person's own initiative, not asked for.</summary>
    public bool IsOwnInitiative { get; init; }

    /// <summary>Windows of <see cref="ConsentKind.HoursExtended"/> and <see cref="ConsentKind.HoursForbidden"/>.</summary>
    public ImmutableArray<WeeklyHours> Hours { get; init; } = [];

    public bool AlsoOnHolidays { get; init; }
}

/// <summary>A civil-time span of some weekdays, half-open, in the debtor's zone. End 24:00 is written as <see cref="EndOfDay"/>.</summary>
/// <param name="Days">Bit 0 is Monday, bit 6 is Sunday; 0 means every day.</param>
/// <param name="StartMinute">Minutes after local midnight, included.</param>
/// <param name="EndMinute">Minutes after local midnight, excluded; at most 1,440.</param>
public readonly record struct WeeklyHours(byte Days, int StartMinute, int EndMinute)
{
    public const int EndOfDay = 24 * 60;

    public bool Includes(IsoDayOfWeek day) => Days == 0 || (Days & (1 << ((int)day - 1))) != 0;
}
