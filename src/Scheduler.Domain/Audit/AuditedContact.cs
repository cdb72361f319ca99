using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>One contact as the log tells it up to now: reserved by a lease, placed, or made elsewhere.</summary>
internal sealed record AuditedContact
{
    public required ContactChannel Channel { get; init; }

    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    public ImmutableArray<AccountId> Discussed { get; init; } = [];

    public bool IsInbound { get; init; }

    public bool IsCounted { get; init; } = true;

    public bool IsPlaced { get; init; }

    public bool IsSettled { get; init; }

    public ContactFacts Facts { get; init; }

    public required LocalDate FirstDate { get; init; }

    public required LocalDate LastDate { get; init; }

    /// <summary>It reached the debtor, or that is not known yet: worst case until settled.</summary>
    public bool MayBeDelivered =>
        Facts.Delivered is true || Facts.Perceived is true || Facts.MessageLeft is true || Facts.TwoWay is true || (Facts.Delivered is null && !IsSettled);

    /// <summary>A two-way exchange, or a call of which that is not known yet; a message alone is none.</summary>
    public bool MayBeTwoWay => Facts.TwoWay ?? (!IsSettled && Facts.Delivered is not false && AuditedLaw.IsVoice(Channel));

    public static AuditedContact Reserved(Lease lease, LocalDate first, LocalDate last) => new()
    {
        Channel = lease.Channel, Accounts = lease.Accounts, IsCounted = lease.IsCounted, FirstDate = first, LastDate = last,
    };

    public static AuditedContact Of(ContactRecord contact) => new()
    {
        Channel = contact.Channel, Accounts = contact.Accounts, Discussed = contact.Discussed, IsInbound = contact.IsInbound, IsCounted = contact.IsCounted,
        IsPlaced = true, IsSettled = contact.Standing == ContactStanding.Settled, Facts = contact.Facts, FirstDate = contact.FirstDate, LastDate = contact.LastDate,
    };

    /// <summary>The contact on any date from its first to its last, and the days after it that it closes, against some dates of a lease.</summary>
    public bool Touches(LocalDate first, LocalDate last, int closedDays) => FirstDate <= last && LastDate.PlusDays(closedDays - 1) >= first;
}
