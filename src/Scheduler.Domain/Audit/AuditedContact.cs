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

    public PointId Point { get; init; }

    public PointPlace Place { get; init; }

    public ContactPurpose Purpose { get; init; }

    public string CreditorId { get; init; } = "";

    public bool IsInbound { get; init; }

    public bool IsCounted { get; init; } = true;

    public bool IsPlaced { get; init; }

    public ContactFacts Facts { get; init; }

    public required Instant PlacedAt { get; init; }

    public Instant? DeliveredAt { get; init; }

    public required LocalDate FirstDate { get; init; }

    public required LocalDate LastDate { get; init; }

    /// <summary>The last date as the debtor's own decisions tell it, in whatever zones an audit looks.</summary>
    public required LocalDate ToldDate { get; init; }

    /// <summary>When the fact was written that made it what it is; the beginning of time for what a lease reserved.</summary>
    public Instant RecordedAt { get; init; } = Instant.MinValue;

    /// <summary>What it was before that; null: nothing, or so old that nobody asks.</summary>
    public AuditedContact? Former { get; init; }

    /// <summary>Accounts that a contact without any was about: those that were known when it was recorded.</summary>
    public ImmutableArray<AccountId> KnownAccounts { get; init; } = [];

    /// <summary>It reached the debtor, or nothing reported denies it: silence proves nothing.</summary>
    public bool MayBeDelivered =>
        Facts.Delivered is true || Facts.Perceived is true || Facts.MessageLeft is true || Facts.TwoWay is true || (Facts.Delivered is null && Facts.AddressReached is not false);

    /// <summary>A two-way exchange, or a spoken contact of which nothing reported denies it; a message alone is none.</summary>
    public bool MayBeTwoWay => Facts.TwoWay ?? (Facts.Delivered is not false && Facts.AddressReached is not false && AuditedLaw.IsSpoken(Channel));

    public static AuditedContact Reserved(Lease lease, LeaseProof proof, Instant at, LocalDate first, LocalDate last) => new()
    {
        Channel = lease.Channel,
        Point = lease.Point,
        Place = proof.Place,
        Purpose = lease.Purpose,
        CreditorId = proof.CreditorId,
        Accounts = lease.Accounts,
        IsCounted = lease.IsCounted,
        PlacedAt = at,
        FirstDate = first,
        LastDate = last,
        ToldDate = proof.Zones.Select(zone => zone.Local.Date).DefaultIfEmpty(last).Max(),
    };

    public static AuditedContact Of(ContactRecord contact) => new()
    {
        Channel = contact.Channel,
        Point = contact.Point,
        Place = contact.Place,
        Purpose = contact.Purpose,
        CreditorId = contact.CreditorId,
        Accounts = contact.Accounts,
        Discussed = contact.Discussed,
        IsInbound = contact.IsInbound,
        IsCounted = contact.IsCounted,
        IsPlaced = true,
        Facts = contact.Facts,
        PlacedAt = contact.PlacedAt,
        DeliveredAt = contact.DeliveredAt,
        FirstDate = contact.FirstDate,
        LastDate = contact.LastDate,
        ToldDate = contact.LastDate,
    };

    /// <summary>The same with its dates read anew from its instants in the zones; as they are where no zone is known.</summary>
    public AuditedContact In(IReadOnlyCollection<string> zones)
    {
        if (zones.Count == 0) return this;
        var first = zones.Min(zone => WallClock.At(zone, PlacedAt).Date);
        var last = zones.Max(zone => LocalDate.Max(WallClock.At(zone, PlacedAt).Date, WallClock.At(zone, DeliveredAt ?? PlacedAt).Date));
        return this with { FirstDate = first, LastDate = last };
    }

    /// <summary>As a debtor in these zones sees the contact of another: on its own dates and on those here.</summary>
    public AuditedContact SeenIn(IReadOnlyCollection<string> zones) => this with { LastDate = zones.Count == 0 ? ToldDate : LocalDate.Max(ToldDate, In(zones).LastDate) };

    /// <summary>Written now, over what it was. A form that was old already when this one came is never asked for what was before it.</summary>
    public AuditedContact Over(AuditedContact? former, Instant recordedAt) =>
        this with { RecordedAt = recordedAt, Former = former is not null && former.RecordedAt <= recordedAt - Duration.FromMinutes(1) ? former with { Former = null } : former };

    /// <summary>Every form since the instant, newest first, to the one that stood then; null at the end: none did.</summary>
    public IEnumerable<AuditedContact?> FormsSince(Instant instant)
    {
        for (var form = this; form is not null; form = form.Former)
        {
            yield return form;
            if (form.RecordedAt <= instant) yield break;
        }

        yield return null;
    }

    /// <summary>The contact on any date from its first to its last, and the days after it that it closes, against some dates of a lease.</summary>
    public bool Touches(LocalDate first, LocalDate last, int closedDays) => FirstDate <= last && LastDate.PlusDays(closedDays - 1) >= first;
}
