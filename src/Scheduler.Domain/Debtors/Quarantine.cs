using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>Why a debtor was taken out of work, and since when.</summary>
/// <param name="Reason">One of <see cref="QuarantineReasons"/>.</param>
/// <param name="Faults">Faults in a row that led to it.</param>
/// <param name="Fault">Kind of the last of them; no personal data.</param>
public sealed record Quarantine(string Reason, Instant Since, int Faults, string Fault);

/// <summary>Why debtors are taken out of work, as operators read it.</summary>
public static class QuarantineReasons
{
    /// <summary>Deciding about it, or writing down what was decided, fails.</summary>
    public const string DeciderFault = "DECIDER_FAULT";

    /// <summary>The database refuses its row.</summary>
    public const string RowRefused = "ROW_REFUSED";

    /// <summary>Its stored state cannot be read.</summary>
    public const string StateUnreadable = "STATE_UNREADABLE";
}

/// <summary>What an operator says of a debtor in quarantine.</summary>
/// <param name="IsReleased">Back to work; else it was looked at and stays.</param>
public sealed record ResolveQuarantineCommand(bool IsReleased, string ActorId, string Reason);
