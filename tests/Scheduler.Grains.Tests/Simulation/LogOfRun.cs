using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Protocol.Events;
using Scheduler.Storage;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// The event log of a run, read from its first record by a model that knows nothing of the service: leases begin and end once, one lives at a time,
/// facts come once, and what was acknowledged is there.
/// </summary>
internal sealed class LogOfRun(OutsideRecord outside)
{
    private readonly Dictionary<string, Line> _debtors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LeaseLine> _leases = new(StringComparer.Ordinal);
    private readonly HashSet<(string, long)> _entries = [];
    private readonly HashSet<(string, string)> _facts = [];
    private readonly HashSet<(string, string)> _ofLeases = [];
    private readonly HashSet<string> _accounts = [];
    private readonly HashSet<string> _closed = [];

    public int LeaseCount => _leases.Count;

    public int AccountCount => _accounts.Count;

    public int ClosedCount => _closed.Count;

    public async Task ReadAsync(ISchedulerStore store)
    {
        var checker = new ComplianceChecker(TestRules.Shipped.FindVersion);
        foreach (var row in await store.Events.ReadEventsAsync(0, 1_000_000))
        {
            var batch = EventCodec.Decode(row.Payload.Span);
            checker.Take(new AuditRecord(row.Seq, new(row.Key.Tenant, row.Key.Debtor), Instant.FromUnixTimeMilliseconds(row.RecordedAt), row.Payload, batch.Events, row.Chain)
            { FirstSequence = batch.FirstSequence });
            if (!_debtors.TryGetValue(row.Key.Debtor, out var line)) _debtors.Add(row.Key.Debtor, line = new Line(row.Key.Debtor));
            foreach (var one in batch.Events) Take(row, line, one);
        }

        foreach (var violation in checker.Report().Violations) outside.Found($"audit: {violation}");
    }

    /// <summary>What the outside knows must stand in the log; and every lease has ended.</summary>
    public void Compare()
    {
        foreach (var lease in _leases.Values.Where(static lease => lease.Ends != 1)) outside.Found($"{lease.Id} ended {lease.Ends} times");
        foreach (var entry in outside.Entries.Where(entry => !_entries.Contains(entry))) outside.Found($"acknowledged and lost: entry {entry}");
        foreach (var fact in outside.Facts.Where(fact => !_facts.Contains(fact))) outside.Found($"acknowledged and lost: {fact}");
        foreach (var fact in outside.OfLeases.Where(fact => !_ofLeases.Contains(fact) && !(fact.Fact == "released" && IsUnplaced(fact.Dispatch)))) outside.Found($"acknowledged and lost: {fact}");
        foreach (var (id, until) in outside.Extended)
        {
            if (!_leases.TryGetValue(id, out var lease) || lease.ExpiresAt < until) outside.Found($"{id} was said to live until {until:O} and did not");
        }

        foreach (var (id, dispatch) in outside.HandedOut)
        {
            if (!_leases.TryGetValue(id, out var lease)) outside.Found($"{id} was handed out and never leased");
            else if (Protocol.Mapping.DispatchMap.Token(lease.Fence) != dispatch.LeaseToken) outside.Found($"{id} was handed out with a token of another lease");
        }

        ComparePlacements();
    }

    /// <summary>Giving back what was not placed, and is known to be, changes nothing and is acknowledged.</summary>
    private bool IsUnplaced(string id) => _ofLeases.Contains((id, "not placed")) || _ofLeases.Contains((id, "denied")) || _ofLeases.Contains((id, "lapsed, not placed"));

    /// <summary>The law as a child would check it: one contact that arrives in a day, and no other channel within seven days of it.</summary>
    private void ComparePlacements()
    {
        var bogota = DateTimeZoneProviders.Tzdb["America/Bogota"];
        foreach (var twice in outside.Placements.GroupBy(static one => one.Dispatch).Where(static group => group.Count() > 1)) outside.Found($"{twice.Key} was placed twice");
        foreach (var of in outside.Placements.Where(static one => one.IsDelivered).GroupBy(static one => one.Debtor))
        {
            var days = of.Select(one => (one, Day: Instant.FromDateTimeOffset(one.At).InZone(bogota).Date)).OrderBy(static one => one.one.At).ToList();
            foreach (var (first, second) in days.Zip(days.Skip(1)))
            {
                if (first.Day == second.Day) outside.Found($"{of.Key} was reached twice on {first.Day}: {first.one.Dispatch}, {second.one.Dispatch}");
                if (second.Day < first.Day.PlusDays(7) && first.one.Channel != second.one.Channel) outside.Found($"{of.Key} was reached by two channels from {first.Day} to {second.Day}");
            }
        }

        foreach (var one in outside.Placements)
        {
            if (!_leases.TryGetValue(one.Dispatch, out var lease) || one.At < lease.GrantedAt || one.At >= lease.NotAfter) outside.Found($"{one.Dispatch} was placed outside its lease");
        }
    }

    private void Take(EventRow row, Line line, DebtorEvent change)
    {
        switch (change)
        {
            case DebtorEvent.Leased e: Begin(row, line, e); break;
            case DebtorEvent.LeaseConfirmed e: Go(row, line, e); break;
            case DebtorEvent.LeaseExtended e:
                Touch(line, e.Dispatch.Value, "extended");
                if (line.Live is { } extended) extended.ExpiresAt = e.ExpiresAt.ToDateTimeOffset();
                break;
            case DebtorEvent.LeaseRevoked e: Touch(line, e.Dispatch.Value, "revoked"); break;
            case DebtorEvent.LeaseReleased e: End(line, e.Dispatch.Value, "released"); break;
            case DebtorEvent.LeaseDenied e: End(line, e.Dispatch.Value, "denied"); break;
            case DebtorEvent.LeaseLapsed e: End(line, e.Dispatch.Value, e.Counted ? "lapsed" : "lapsed, not placed", e.At); break;
            case DebtorEvent.ContactPlaced { Disposition: not Disposition.Unknown } e: Fact(line, e.Contact.Id, "placed", e.Stale); break;
            case DebtorEvent.ContactPlaced e: End(line, e.Contact.Id, "contradicted"); break;
            case DebtorEvent.ContactNotPlaced e: Fact(line, e.Dispatch.Value, "not placed", e.Stale); break;
            case DebtorEvent.FactContradicted e: _ofLeases.Add((e.Dispatch.Value, e.Reported)); break;
            case DebtorEvent.EntryApplied e: _entries.Add((line.Debtor, e.SourceVersion)); break;
            case DebtorEvent.AccountEntered e:
                // Entered again, it is owed again.
                _accounts.Add(e.Account.Id.Value);
                if (e.Account.IsOpen) _closed.Remove(e.Account.Id.Value);
                break;
            case DebtorEvent.AccountClosed e:
                _closed.Add(e.Account.Value);
                _facts.Add((line.Debtor, $"closed {e.Account.Value}"));
                break;
            case DebtorEvent.AccountReopened e: _closed.Remove(e.Account.Value); break;
            case DebtorEvent.ConsentRecorded e when e.Consent.Kind == Domain.Consent.ConsentKind.Withdrawn:
                line.IsWithdrawn = true;
                Once(line, $"withdrew {e.Consent.Id}");
                break;
            case DebtorEvent.HoldPlaced e:
                line.Holds.Add(e.Hold.Id);
                Once(line, $"held {e.Hold.Id}");
                break;
            case DebtorEvent.HoldEnded e: line.Holds.Remove(e.HoldId); break;
            case DebtorEvent.PaymentRecorded e: Once(line, $"paid {e.PaymentId}"); break;
            case DebtorEvent.InboundReceived e: Once(line, $"wrote {e.SignalId}"); break;
        }
    }

    private void Begin(EventRow row, Line line, DebtorEvent.Leased granted)
    {
        var id = granted.Lease.Dispatch.Value;
        if (line.Live is { } live) outside.Found($"{id} was leased while {live.Id} lived");
        if (granted.At < line.LapsedAt + Duration.FromSeconds(2)) outside.Found($"{id} was leased too soon after a lapse");
        if (granted.Lease.Fence <= line.Fence) outside.Found($"{id}: the fence went back");
        if (line.IsWithdrawn) outside.Found($"{id} was leased after consent was withdrawn");
        if (line.Holds.Count > 0) outside.Found($"{id} was leased against {line.Holds.First()}");
        if (granted.Lease.Accounts.Any(account => _closed.Contains(account.Value))) outside.Found($"{id} was leased for a closed account");
        CheckStops(row, granted.Lease.Channel, id);
        line.Fence = granted.Lease.Fence;
        line.Live = new LeaseLine(id, granted.Lease.Fence, granted.Lease.Channel, granted.At)
        {
            NotAfter = granted.Lease.NotAfter.ToDateTimeOffset(),
            ExpiresAt = granted.Lease.ExpiresAt.ToDateTimeOffset(),
        };
        if (!_leases.TryAdd(id, line.Live)) outside.Found($"{id} was leased twice");
    }

    private void Go(EventRow row, Line line, DebtorEvent.LeaseConfirmed confirmed)
    {
        Touch(line, confirmed.Dispatch.Value, "confirmed");
        if (line.Live is not { } live) return;
        live.NotAfter = confirmed.NotAfter.ToDateTimeOffset();
        CheckStops(row, live.Channel, live.Id);
    }

    private void CheckStops(EventRow row, ContactChannel channel, string id)
    {
        foreach (var stop in outside.Stops)
        {
            if (stop.Channel is { } stopped && stopped != channel) continue;
            if (row.Seq > stop.From && row.Seq <= (stop.To ?? long.MaxValue) && DateTimeOffset.FromUnixTimeMilliseconds(row.RecordedAt) < stop.End) outside.Found($"{id} was leased or confirmed in a pause");
        }
    }

    /// <summary>Only the live lease changes.</summary>
    private void Touch(Line line, string id, string fact)
    {
        if (line.Live?.Id != id) outside.Found($"{id} was {fact} and did not live");
        _ofLeases.Add((id, fact));
    }

    private void End(Line line, string id, string how, Instant? lapsedAt = null)
    {
        Touch(line, id, how);
        if (line.Live is { } live && live.Id == id) live.Ends++;
        line.Live = null;
        if (lapsedAt is { } at) line.LapsedAt = at;
    }

    /// <summary>A fact counts once, whenever it comes; it ends the lease where that still lives.</summary>
    private void Fact(Line line, string id, string fact, bool isStale)
    {
        if (!_leases.ContainsKey(id)) outside.Found($"{id} was {fact} and never leased");
        if (!_ofLeases.Add((id, fact))) outside.Found($"{id} was {fact} twice");
        if (line.Live?.Id == id == isStale) outside.Found($"{id} was {fact}, and {(isStale ? "its lease lived" : "it had no lease")}");
        if (line.Live?.Id == id) End(line, id, "reported");
    }

    private void Once(Line line, string fact)
    {
        if (!_facts.Add((line.Debtor, fact))) outside.Found($"{line.Debtor} {fact} twice");
    }

    /// <summary>One debtor as told so far.</summary>
    private sealed class Line(string debtor)
    {
        public string Debtor => debtor;

        public LeaseLine? Live { get; set; }

        public Instant LapsedAt { get; set; } = Instant.MinValue;

        public long Fence { get; set; }

        public bool IsWithdrawn { get; set; }

        public HashSet<string> Holds { get; } = [];
    }

    private sealed class LeaseLine(string id, long fence, ContactChannel channel, Instant grantedAt)
    {
        public string Id => id;

        public long Fence => fence;

        public ContactChannel Channel => channel;

        public DateTimeOffset GrantedAt { get; } = grantedAt.ToDateTimeOffset();

        public DateTimeOffset NotAfter { get; set; }

        public DateTimeOffset ExpiresAt { get; set; }

        public int Ends { get; set; }
    }
}
