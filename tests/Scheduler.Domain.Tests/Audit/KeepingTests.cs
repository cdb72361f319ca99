using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>A checkpoint keeps what later leases are judged by, and lets go of the rest.</summary>
public sealed class KeepingTests
{
    private static readonly ContactFacts Delivered = new() { Delivered = true, TwoWay = false };
    private static readonly Duration Month = Duration.FromDays(30);

    [Fact]
    public void A_contact_before_the_checkpoint_counts_against_a_lease_after_it()
    {
        var log = new LogOfOneDebtor()
            .Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered)
            .Lease("2026-10-29T19:00:00Z");
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Kinds(log.Records)));
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Kinds(Dropped(log, 4, Month))));
    }

    [Theory]
    [InlineData("released")]
    [InlineData("withdrawn")]
    [InlineData("held")]
    [InlineData("live")]
    public void What_stood_at_the_checkpoint_stands_after_it(string story)
    {
        var log = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z");
        if (story != "live") log.Released("2026-10-29T15:01:00Z");
        if (story == "withdrawn") log.Consent("no", Domain.Consent.ConsentKind.Withdrawn, "2026-10-29T15:02:00Z");
        if (story == "held") log.Hold("2026-10-29T15:02:00Z", HoldKind.Dispute);
        var dropped = log.Records.Count;
        log.Lease("2026-10-30T15:00:00Z", fence: story == "released" ? 1 : null);

        var whole = log.Check().Violations;
        Assert.NotEmpty(whole);
        foreach (var lookBack in new[] { Month, Duration.Zero }) Assert.Equal(whole, Check(Dropped(log, dropped, lookBack)).Violations);
    }

    [Fact]
    public void A_fact_before_the_checkpoint_is_not_recorded_again_after_it()
    {
        var log = new LogOfOneDebtor().Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered);
        var dropped = log.Records.Count;
        log.Placed("2026-10-30T15:01:00Z", ContactChannel.Whatsapp, Delivered);
        Assert.Equal(ViolationKind.FactTwice, Assert.Single(Kinds(Dropped(log, dropped, Month))));
    }

    [Fact]
    public void A_lawful_log_stays_lawful_wherever_it_is_cut_and_cut_again()
    {
        var log = new LogOfOneDebtor()
            .Lease("2026-10-29T15:00:00Z", confirm: true).Confirmed("2026-10-29T15:01:00Z").Placed("2026-10-29T15:02:00Z", ContactChannel.Whatsapp, Delivered)
            .Hold("2026-10-29T16:00:00Z", HoldKind.Dispute)
            .Write("2026-10-29T17:00:00Z", new DebtorEvent.HoldEnded(LogOfOneDebtor.At("2026-10-29T17:00:00Z"), "Dispute", HoldKind.Dispute, Lifted: true))
            .Lease("2026-10-30T15:00:00Z").Lapsed("2026-10-30T15:06:00Z", counted: true)
            .Inbound("2026-11-03T15:00:00Z", ContactChannel.Whatsapp, isTwoWay: true)
            .Lease("2026-11-10T15:00:00Z").Released("2026-11-10T15:01:00Z")
            .Lease("2026-11-18T15:00:00Z").Placed("2026-11-18T15:01:00Z", ContactChannel.Whatsapp, Delivered);
        Assert.Empty(Kinds(log.Records));
        for (var cut = 1; cut <= log.Records.Count; cut++)
        {
            foreach (var lookBack in new[] { Month, Duration.FromDays(7), Duration.Zero }) Assert.Empty(Kinds(Dropped(log, cut, lookBack)));
        }
    }

    [Fact]
    public void Cut_twice_is_kept_as_if_it_were_cut_once()
    {
        var log = new LogOfOneDebtor()
            .Lease("2026-10-29T15:00:00Z").Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered)
            .Hold("2026-10-29T16:00:00Z", HoldKind.Dispute).Hold("2026-10-29T16:01:00Z", HoldKind.Hardship);
        var records = log.Records.Select(Kept).ToList();
        var since = Instant.MaxValue;
        var first = Keeping.Of(KeptContents.Empty, records[..4], since, Never);
        var once = Keeping.Of(KeptContents.Empty, records, since, Never);
        var twice = Keeping.Of(first, records[4..], since, Never);

        Assert.Equal(once.Records.SelectMany(static r => r.Events), twice.Records.SelectMany(static r => r.Events));
        Assert.Equal((once.LastFence, once.LastActAt), (twice.LastFence, twice.LastActAt));
        Assert.Equal(["profile.replaced", "points.replaced", "account.entered", "account.entered", "consent.recorded", "hold.placed", "hold.placed"], once.Records.SelectMany(static r => r.Events).Select(static e => e.Type));
        Assert.Equal([1L, 2L], first.Records.Select(static r => r.FirstSequence));
    }

    [Fact]
    public void A_contact_that_counts_for_ever_is_kept_with_all_that_is_known_of_it()
    {
        var log = new LogOfOneDebtor()
            .Lease("2026-10-29T15:00:00Z", purpose: ContactPurpose.LocationInformation).Placed("2026-10-29T15:01:00Z", ContactChannel.Whatsapp, Delivered)
            .Lease("2026-10-30T15:00:00Z").Placed("2026-10-30T15:01:00Z", ContactChannel.Whatsapp, Delivered);
        var kept = Keeping.Of(KeptContents.Empty, [.. log.Records.Select(Kept)], Instant.MaxValue, static purpose => purpose == ContactPurpose.LocationInformation);

        var contacts = kept.Records.Where(static r => r.FirstSequence > 2).SelectMany(static r => r.Events).ToList();
        Assert.Equal(["lease.granted", "contact.placed"], contacts.Select(static e => e.Type));
        Assert.Equal(ContactPurpose.LocationInformation, Assert.IsType<DebtorEvent.Leased>(contacts[0]).Lease.Purpose);
    }

    private static bool Never(ContactPurpose purpose) => false;

    /// <summary>The log as it is after a drop of the first records, under a checkpoint that everybody takes for signed.</summary>
    private static IEnumerable<AuditRecord> Dropped(LogOfOneDebtor log, int count, Duration lookBack)
    {
        var covered = log.Records.Take(count).ToList();
        var digest = RecordsDigest.Zero;
        foreach (var record in covered) digest = RecordsDigest.Extend(digest, record.Cursor, record.ChainHash.Span);
        var last = covered[^1];
        var contents = Keeping.Of(KeptContents.Empty, [.. covered.Select(Kept)], last.RecordedAt - lookBack, Never);
        var checkpoint = new LogCheckpoint(
            last.Debtor, last.Cursor, Convert.ToHexStringLower(last.ChainHash.Span), covered.Sum(static r => r.Events.Length), count, Convert.ToHexStringLower(digest.AsSpan()), last.RecordedAt, "")
        { Contents = contents };
        return log.Records.Select((record, index) => index >= count ? record : record with { Payload = default, Events = [], Checkpoint = index == count - 1 ? checkpoint : null });
    }

    private static KeptRecord Kept(AuditRecord record) => new(record.RecordedAt, record.Cursor, record.Events);

    private static ComplianceReport Check(IEnumerable<AuditRecord> records)
    {
        var checker = new ComplianceChecker(null, static _ => true);
        foreach (var record in records) checker.Take(record);
        return checker.Report();
    }

    private static IEnumerable<ViolationKind> Kinds(IEnumerable<AuditRecord> records) => Check(records).Violations.Select(static v => v.Kind);
}
