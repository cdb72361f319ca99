using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Consent;

/// <summary>How the ledger stands for one contact.</summary>
/// <param name="Fact">The fact that decides; null if there is none.</param>
public readonly record struct ConsentStanding(ConsentKind Kind, ConsentFact? Fact)
{
    public bool IsGranted => Kind == ConsentKind.Granted;

    public bool IsWithdrawn => Kind == ConsentKind.Withdrawn;

    /// <summary>First instant at which the answer may change by itself.</summary>
    public Instant Until => IsGranted && Fact?.ExpiresAt is { } end ? end : Instant.MaxValue;
}

/// <summary>Kinds of facts that a ledger holds; what it does not hold need not be looked for.</summary>
[Flags]
internal enum LedgerKinds : byte { None = 0, Granted = 1, Withdrawn = 2, HoursExtended = 4, HoursForbidden = 8, Standing = Granted | Withdrawn }

/// <summary>
/// Reads the consent ledger: for one channel, purpose, point and creditor the latest fact stands. A refusal binds from the moment it is on
/// file, also when the clock of who reported it is ahead; a grant only from the time it was given. Nothing here allocates.
/// </summary>
public static class ConsentLedger
{
    internal static LedgerKinds KindsOf(ImmutableArray<ConsentFact> ledger)
    {
        var kinds = LedgerKinds.None;
        foreach (var fact in ledger)
        {
            kinds |= fact.Kind switch
            {
                ConsentKind.Granted => LedgerKinds.Granted,
                ConsentKind.Withdrawn => LedgerKinds.Withdrawn,
                ConsentKind.HoursExtended => LedgerKinds.HoursExtended,
                ConsentKind.HoursForbidden => LedgerKinds.HoursForbidden,
                _ => LedgerKinds.None,
            };
        }

        return kinds;
    }

    /// <summary>Granted, withdrawn, or unknown where nothing was said or the grant has ended. A grant that has ended takes back no withdrawal.</summary>
    public static ConsentStanding Standing(
        ImmutableArray<ConsentFact> ledger, ContactChannel channel, ContactPurpose purpose, PointId point, string creditorId, Instant at)
    {
        ConsentFact? latest = null;
        ConsentFact? lasting = null;
        foreach (var fact in ledger)
        {
            if (!IsOnFile(fact, at) || !IsAbout(fact, channel, purpose, point, creditorId)) continue;
            if (IsLater(fact, latest)) latest = fact;
            if ((fact.Kind == ConsentKind.Withdrawn || !(fact.ExpiresAt <= at)) && IsLater(fact, lasting)) lasting = fact;
        }

        if (latest is null || ReferenceEquals(latest, lasting)) return new(latest?.Kind ?? ConsentKind.Unknown, latest);
        return lasting is { Kind: ConsentKind.Withdrawn } ? new(ConsentKind.Withdrawn, lasting) : new(ConsentKind.Unknown, latest);
    }

    /// <summary>A standing grant that names the purpose in so many words; null if there is none.</summary>
    public static ConsentFact? NamedPurpose(ImmutableArray<ConsentFact> ledger, ContactChannel channel, ContactPurpose purpose, PointId point, string creditorId, Instant at)
    {
        ConsentFact? latest = null;
        foreach (var fact in ledger)
        {
            if (!IsOnFile(fact, at)) continue;
            if (fact.Kind == ConsentKind.Granted && !fact.Purposes.Contains(purpose)) continue;
            if (!IsAbout(fact, channel, purpose, point, creditorId)) continue;
            if (IsLater(fact, latest)) latest = fact;
        }

        return latest is { Kind: ConsentKind.Granted } && !(latest.ExpiresAt <= at) ? latest : null;
    }

    /// <summary>The latest hours that the debtor asked for and that are still in force; null if none.</summary>
    public static ConsentFact? RequestedHours(ImmutableArray<ConsentFact> ledger, ContactChannel channel, ContactPurpose purpose, PointId point, string creditorId, Instant at)
    {
        ConsentFact? latest = null;
        foreach (var fact in ledger)
        {
            if (fact.Kind != ConsentKind.HoursExtended || fact.GivenAt > at || !IsAbout(fact, channel, purpose, point, creditorId)) continue;
            if (latest is null || fact.GivenAt >= latest.GivenAt) latest = fact;
        }

        return latest is null || latest.ExpiresAt <= at ? null : latest;
    }

    /// <summary>Whether a refusal of hours is in force: all of them bind together until one without hours takes them back, or they end.</summary>
    public static bool IsHoursRefusal(
        ImmutableArray<ConsentFact> ledger, ConsentFact fact, ContactChannel channel, ContactPurpose purpose, PointId point, string creditorId, Instant at)
    {
        if (fact.Kind != ConsentKind.HoursForbidden || fact.ExpiresAt <= at || fact.Hours.IsEmpty) return false;
        if (!IsAbout(fact, channel, purpose, point, creditorId)) return false;
        foreach (var later in ledger)
        {
            var takesBack = later.Kind == ConsentKind.HoursForbidden && later.Hours.IsEmpty && later.GivenAt >= fact.GivenAt && later.GivenAt <= at;
            if (takesBack && IsAbout(later, channel, purpose, point, creditorId)) return false;
        }

        return true;
    }

    private static bool IsOnFile(ConsentFact fact, Instant at) =>
        fact.Kind == ConsentKind.Withdrawn || (fact.Kind == ConsentKind.Granted && fact.GivenAt <= at);

    /// <summary>Of two facts of one instant the withdrawal stands.</summary>
    private static bool IsLater(ConsentFact fact, ConsentFact? than) =>
        than is null || fact.GivenAt > than.GivenAt || (fact.GivenAt == than.GivenAt && fact.Kind == ConsentKind.Withdrawn);

    /// <summary>Whether a fact speaks of such a contact.</summary>
    public static bool IsAbout(ConsentFact fact, ContactChannel channel, ContactPurpose purpose, PointId point, string creditorId) =>
        (fact.Channels.IsEmpty || fact.Channels.Contains(channel))
        && (fact.Points.IsEmpty || fact.Points.Contains(point))
        && (fact.CreditorId.Length == 0 || fact.CreditorId == creditorId || (creditorId.Length == 0 && fact.Kind != ConsentKind.Granted))
        && IsAboutPurpose(fact, purpose);

    /// <summary>
    /// A grant that names no purpose is for collecting; collecting covers its own errands (reminders, call-backs, information asked for,
    /// required notices). Marketing, surveys and education are covered only by name. A refusal that names no purpose is for all.
    /// </summary>
    private static bool IsAboutPurpose(ConsentFact fact, ContactPurpose purpose)
    {
        var isGrant = fact.Kind is ConsentKind.Granted or ConsentKind.HoursExtended;
        if (purpose == ContactPurpose.Unknown) return !isGrant;
        if (fact.Purposes.IsEmpty) return !isGrant || IsCollecting(purpose);
        if (fact.Purposes.Contains(purpose)) return true;
        return IsCollecting(purpose) && fact.Purposes.Contains(ContactPurpose.Collection);
    }

    private static bool IsCollecting(ContactPurpose purpose) =>
        purpose is not (ContactPurpose.Marketing or ContactPurpose.Survey or ContactPurpose.Education);
}
