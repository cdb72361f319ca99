using System.Collections.Immutable;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;

namespace Scheduler.Cli.Demo;

/// <summary>Counts what the event log tells: the report is made from the log alone, as an auditor would. Threading: owned by one reader.</summary>
internal sealed class LogSummary
{
    private readonly Dictionary<string, ZoneTime> _leasedAt = [];
    private readonly SortedDictionary<string, int[]> _hours = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _dates = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _passed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _withoutConsent = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _held = new(StringComparer.Ordinal);
    private (Instant At, string DebtorId) _lastPlaced;

    public long Lifecycles { get; private set; }

    public long NotPlaced { get; private set; }

    public long Receipts { get; private set; }

    public int RightPartyContacts { get; private set; }

    public int Promises { get; private set; }

    public int Payments { get; private set; }

    public int ConsentsWithdrawn { get; private set; }

    public int HoldsPlaced { get; private set; }

    public int LeasesRevoked { get; private set; }

    public ImmutableSortedDictionary<string, ImmutableArray<int>> AttemptsByChannelAndHour =>
        _hours.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.ToImmutableArray(), StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, int> AttemptsByDate => _dates.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, int> RefusalsByRule => _refusals.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, int> StepsPassedByReason => _passed.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Three debtors worth explaining: one held, one who never consented, and the one contacted last.</summary>
    public IEnumerable<(string DebtorId, string Story)> Stories
    {
        get
        {
            if (_held.Min is { } held) yield return (held, "on hold");
            if (_withoutConsent.Min is { } silent) yield return (silent, "never consented");
            if (_lastPlaced.DebtorId is { } last) yield return (last, "contacted last");
        }
    }

    public void Take(AuditRecord record)
    {
        foreach (var change in record.Events)
        {
            switch (change)
            {
                case DebtorEvent.Leased e: _leasedAt[e.Lease.Dispatch.Value] = e.Proof.Zones.FirstOrDefault(); break;
                case DebtorEvent.ContactPlaced { Stale: false } e: TakePlaced(record.Debtor.Debtor, e); break;
                case DebtorEvent.ContactNotPlaced: NotPlaced++; break;
                case DebtorEvent.ReceiptRecorded: Receipts++; break;
                case DebtorEvent.ContactRefused e: Add(_refusals, e.RuleId); break;
                case DebtorEvent.EntryApplied: _withoutConsent.Add(record.Debtor.Debtor); break;
                case DebtorEvent.ConsentRecorded { Consent.Kind: Domain.Consent.ConsentKind.Granted }: _withoutConsent.Remove(record.Debtor.Debtor); break;
                case DebtorEvent.LeaseDenied e: Add(_refusals, e.RuleId); break;
                case DebtorEvent.StepPassed e: Add(_passed, FieldWords.Of(e.Passing)); break;
                case DebtorEvent.PromiseChanged { Promise.State: PromiseState.Pending }: Promises++; break;
                case DebtorEvent.PaymentRecorded: Payments++; break;
                case DebtorEvent.ConsentRecorded { Consent.Kind: Domain.Consent.ConsentKind.Withdrawn }: ConsentsWithdrawn++; break;
                case DebtorEvent.HoldPlaced: HoldsPlaced++; _held.Add(record.Debtor.Debtor); break;
                case DebtorEvent.LeaseRevoked: LeasesRevoked++; break;
            }
        }
    }

    private void TakePlaced(string debtorId, DebtorEvent.ContactPlaced placed)
    {
        Lifecycles++;
        // Many are placed at one instant: of these the lowest id, so that the choice does not depend on the order of the log.
        if (placed.At > _lastPlaced.At || (placed.At == _lastPlaced.At && string.CompareOrdinal(debtorId, _lastPlaced.DebtorId) < 0)) _lastPlaced = (placed.At, debtorId);
        if (placed.Disposition == Disposition.RightParty) RightPartyContacts++;
        if (!_leasedAt.Remove(placed.Contact.Id, out var local) || local.ZoneId is null) return;
        var channel = FieldWords.Of(placed.Contact.Channel);
        if (!_hours.TryGetValue(channel, out var hours)) _hours[channel] = hours = new int[24];
        hours[local.Local.Hour]++;
        Add(_dates, $"{local.Local.Date:uuuu-MM-dd}");
    }

    private static void Add(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
