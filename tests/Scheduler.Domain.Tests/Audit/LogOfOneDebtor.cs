using System.Collections.Immutable;
using System.Security.Cryptography;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>Writes an event log by hand, lawful by default: one debtor with an open account, a mobile and consent for every channel.</summary>
internal sealed class LogOfOneDebtor
{
    private readonly List<AuditRecord> _records = [];
    private readonly string _debtor;
    private readonly string _zone;
    private byte[] _head = [];
    private long _fence;

    public LogOfOneDebtor(string country = "CO", string zone = "America/Bogota", CollectorKind collector = CollectorKind.ThirdParty, bool consents = true, string debtor = "d-1", string spouse = "")
    {
        (_debtor, _zone) = (debtor, zone);
        var profile = new DebtorProfile { Locations = [new LocationEvidence(country, "", "", "", zone, LocationSource.Residence, null)], SpouseIds = spouse.Length > 0 ? [spouse] : [] };
        var mobile = new ContactPoint { Id = new("mobile"), Kind = PointKind.Mobile, Address = "", Place = PointPlace.Personal };
        Write("2026-10-28T12:00:00Z",
            new DebtorEvent.ProfileReplaced(At("2026-10-28T12:00:00Z"), profile),
            new DebtorEvent.PointsReplaced(At("2026-10-28T12:00:00Z"), [mobile]),
            Entered("a-1", collector),
            Entered("a-2", collector));
        if (consents) Consent("all", ConsentKind.Granted, "2026-10-01T12:00:00Z");
    }

    public IReadOnlyList<AuditRecord> Records => _records;

    /// <summary>Version of the pack that leases name.</summary>
    public string Pack { get; init; } = "CO.strict@1";

    public static Instant At(string text) => InstantPattern.General.Parse(text).GetValueOrThrow();

    public LogOfOneDebtor Write(string at, params ReadOnlySpan<DebtorEvent> events)
    {
        byte[] payload = [.. BitConverter.GetBytes((long)_records.Count)];
        _head = SHA256.HashData([.. _head, .. payload]);
        _records.Add(new AuditRecord(_records.Count + 1, new("demo", _debtor), At(at), payload, [.. events], _head));
        return this;
    }

    public LogOfOneDebtor Consent(string id, ConsentKind kind, string at, ChannelSet channels = default, params ReadOnlySpan<WeeklyHours> hours) => Write(at, new DebtorEvent.ConsentRecorded(
        At(at), new ConsentFact { Id = id, Kind = kind, Channels = channels, GivenAt = At(at), Instrument = ConsentInstrument.Separate, GivenDirectly = true, Hours = [.. hours] }, "test"));

    public LogOfOneDebtor Hold(string at, HoldKind kind) =>
        Write(at, new DebtorEvent.HoldPlaced(At(at), new Hold { Id = $"{kind}", Kind = kind, Start = At(at) }, "test"));

    /// <summary>A lease at an instant; the gateway may place until five minutes later unless told otherwise.</summary>
    public LogOfOneDebtor Lease(
        string at, ContactChannel channel = ContactChannel.Whatsapp, string? notAfter = null, string account = "a-1", long? fence = null, string point = "mobile", string? zone = null,
        string? deliverBefore = null, bool confirm = false, ContactPurpose purpose = ContactPurpose.Collection,
        string inReplyTo = "")
    {
        var instant = At(at);
        _fence = fence ?? _fence + 1;
        var until = notAfter is null ? instant + Duration.FromMinutes(5) : At(notAfter);
        var lease = new Lease
        {
            Dispatch = DispatchId.Of(_debtor, _fence),
            Fence = _fence,
            GatewayId = "g",
            Channel = channel,
            Point = new(point),
            Mode = PlacementMode.Automated,
            Accounts = [new(account)],
            PlannedFor = new(account),
            StepId = "s",
            LeasedAt = instant,
            ExpiresAt = until,
            NotAfter = until,
            DeliverBefore = deliverBefore is null ? until : deliverBefore.Length == 0 ? null : At(deliverBefore),
            ConfirmRequired = confirm,
            Purpose = purpose,
            InReplyTo = inReplyTo,
        };
        var local = instant.InZone(DateTimeZoneProviders.Tzdb[zone ?? _zone]).LocalDateTime;
        var proof = new LeaseProof { PolicyEpoch = 1, ZoneDataVersion = "test", PackVersions = [Pack], Zones = [new ZoneTime(_zone, local)] };
        return Write(at, new DebtorEvent.Leased(instant, lease, proof));
    }

    public LogOfOneDebtor Placed(string at, ContactChannel channel, ContactFacts facts, bool settled = true, string account = "a-1")
    {
        var instant = At(at);
        var date = instant.InZone(DateTimeZoneProviders.Tzdb[_zone]).Date;
        var contact = new ContactRecord
        {
            Id = DispatchId.Of(_debtor, _fence).Value,
            Channel = channel,
            Accounts = [new(account)],
            PlacedAt = instant,
            FirstDate = date,
            LastDate = date,
            Facts = facts with { Placed = true },
            Standing = settled ? ContactStanding.Settled : ContactStanding.Placed,
        };
        return Write(at, new DebtorEvent.ContactPlaced(instant, contact, Disposition.Accepted, "", "", false, []));
    }

    public LogOfOneDebtor Inbound(string at, ContactChannel channel, bool isTwoWay)
    {
        var date = At(at).InZone(DateTimeZoneProviders.Tzdb[_zone]).Date;
        var contact = new ContactRecord
        {
            Id = $"in-{at}",
            Channel = channel,
            IsInbound = true,
            PlacedAt = At(at),
            FirstDate = date,
            LastDate = date,
            Standing = ContactStanding.Settled,
            Facts = new() { Placed = true, AddressReached = true, Delivered = true, Perceived = true, TwoWay = isTwoWay },
        };
        return Write(at, new DebtorEvent.InboundReceived(At(at), contact.Id, InboundIntent.Conversation, contact));
    }

    /// <summary>Go for the last lease, or for another dispatch.</summary>
    public LogOfOneDebtor Confirmed(string at, string? dispatch = null)
    {
        var until = At(at) + Duration.FromMinutes(1);
        var local = At(at).InZone(DateTimeZoneProviders.Tzdb[_zone]).LocalDateTime;
        var proof = new LeaseProof { PolicyEpoch = 1, ZoneDataVersion = "test", PackVersions = [Pack], Zones = [new ZoneTime(_zone, local)] };
        return Write(at, new DebtorEvent.LeaseConfirmed(At(at), dispatch is null ? DispatchId.Of(_debtor, _fence) : new(dispatch), until, until, proof));
    }

    public LogOfOneDebtor Lapsed(string at, bool counted) => Write(at, new DebtorEvent.LeaseLapsed(At(at), DispatchId.Of(_debtor, _fence), counted));

    public LogOfOneDebtor Released(string at) => Write(at, new DebtorEvent.LeaseReleased(At(at), DispatchId.Of(_debtor, _fence), NotPlacedReason.NoCapacity));

    public ComplianceReport Check(Func<string, RulePack?>? packOf = null) => Check(_records, packOf);

    public static ComplianceReport Check(IEnumerable<AuditRecord> records, Func<string, RulePack?>? packOf = null)
    {
        var checker = new ComplianceChecker(packOf);
        foreach (var record in records) checker.Take(record);
        return checker.Report();
    }

    /// <summary>Several debtors' logs as one, in the order of time; what a log tells of a time before its former record follows that record.</summary>
    public static ComplianceReport Check(Func<string, RulePack?> packOf, params ReadOnlySpan<LogOfOneDebtor> logs)
    {
        var records = new List<(Instant At, AuditRecord Record)>();
        foreach (var log in logs)
        {
            var last = Instant.MinValue;
            foreach (var record in log._records) records.Add((last = Instant.Max(last, record.RecordedAt), record));
        }

        return Check(records.OrderBy(static one => one.At).Select(static (one, index) => one.Record with { Cursor = index + 1 }), packOf);
    }

    private static DebtorEvent.AccountEntered Entered(string id, CollectorKind collector) => new(
        At("2026-10-28T12:00:00Z"), new Account { Id = new(id), CreditorId = "bank", Collector = collector, DebtKey = id, Stage = AccountStage.Overdue });
}
