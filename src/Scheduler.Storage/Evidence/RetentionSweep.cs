using System.Globalization;
using System.Text;
using NodaTime;
using Scheduler.Protocol.Events;

namespace Scheduler.Storage.Evidence;

/// <summary>What one pass over the log came to.</summary>
/// <param name="Debtors">Debtors for whom a checkpoint was taken.</param>
/// <param name="Records">Records that lost what they said.</param>
/// <param name="Kept">Debtors whose records stay whole, by why.</param>
/// <param name="IsComplete">Every old record was looked at; false: there are some that no signed root covers yet.</param>
public sealed record SweepCounts(long Debtors, long Records, IReadOnlyDictionary<DropOutcome, long> Kept, bool IsComplete);

/// <summary>Goes through the log from where the last pass ended up to an instant, and drops what the debtors it meets have recorded before it.</summary>
/// <remarks>
/// Threading: one pass at a time. Failure: the place is kept when a pass has come to its end, once a month; a pass that is cut off begins there again and finds
/// what it did before empty.
/// </remarks>
public sealed class RetentionSweep(IEventLog log, ISettingsStore settings, LogRetention retention, RootBook roots)
{
    public const string MarkKey = "evidence/dropped-up-to";

    /// <summary>A debtor's records are read and written once a month at most; a million of them take three hours.</summary>
    public const int DebtorsPerSecond = 100;

    private const string Actor = "host";
    private const int RecordsAtOnce = 500;
    private const int DebtorsAtOnce = 10;

    /// <summary>Debtors that stay whole are met at each of their records; beyond this many they are looked at again.</summary>
    private const int RememberedDebtors = 100_000;

    private static readonly TimeSpan Bite = TimeSpan.FromSeconds((double)DebtorsAtOnce / DebtorsPerSecond);

    /// <summary>Records go by whole months: those of the months (UTC) that had ended before the retention began.</summary>
    public static Instant CutOff(Instant now, Duration retention)
    {
        var date = (now - retention).InUtc().Date;
        return new LocalDate(date.Year, date.Month, 1).AtMidnight().InUtc().ToInstant();
    }

    /// <param name="before">Records from before this are dropped.</param>
    /// <param name="counted">By tenant, how long rules may still count a contact.</param>
    /// <param name="now">Stands in the checkpoints.</param>
    /// <param name="pace">Clock of the rate.</param>
    /// <param name="cancellationToken">Ends the pass between two debtors.</param>
    public async Task<SweepCounts> RunAsync(Instant before, Func<string, CountedFor> counted, Instant now, TimeProvider pace, CancellationToken cancellationToken)
    {
        var mark = await settings.ReadSettingAsync(MarkKey, cancellationToken);
        var ends = await roots.ReadSignedEndsAsync(cancellationToken);
        var pass = new Pass(before, counted, now, pace);
        var place = mark is null ? 0 : long.Parse(Encoding.UTF8.GetString(mark.Value.Span), CultureInfo.InvariantCulture);
        var from = place;
        while (await log.ReadEventsAsync(from, RecordsAtOnce, cancellationToken) is { Count: > 0 } rows)
        {
            var old = rows.TakeWhile(row => IsOlder(row, before) && row.Seq <= ends.GetValueOrDefault(row.Key.Tenant)).ToList();
            foreach (var row in old)
            {
                if (!row.Payload.IsEmpty && !CheckpointCodec.Is(row.Payload.Span) && pass.IsNew(row.Key)) await DropAsync(pass, row.Key, ends[row.Key.Tenant], cancellationToken);
            }

            if (old.Count > 0) from = old[^1].Seq;
            if (old.Count == rows.Count) continue;
            pass.IsComplete = !IsOlder(rows[old.Count], before);
            break;
        }

        if (from > place) await MarkAsync(mark?.Version ?? 0, from, now, cancellationToken);
        return pass.Counts;
    }

    private static bool IsOlder(EventRow row, Instant before) => Instant.FromUnixTimeMilliseconds(row.RecordedAt) < before;

    private async Task DropAsync(Pass pass, DebtorKey key, long signedUpTo, CancellationToken cancellationToken)
    {
        var cut = new LogRetention.Cut(pass.Before, signedUpTo, pass.Counted(key.Tenant));
        pass.Take(await retention.DropAsync(key, cut, pass.Now, cancellationToken));
        await pass.RestAsync(cancellationToken);
    }

    private Task MarkAsync(long version, long place, Instant now, CancellationToken cancellationToken) => settings.WriteSettingAsync(
        new SettingWrite(MarkKey, version, Encoding.UTF8.GetBytes(place.ToString(CultureInfo.InvariantCulture)), Actor, "old records dropped", now.ToUnixTimeMilliseconds()),
        cancellationToken);

    /// <summary>One pass, its rate and its counts.</summary>
    private sealed class Pass(Instant before, Func<string, CountedFor> counted, Instant now, TimeProvider pace)
    {
        private readonly HashSet<DebtorKey> _met = [];
        private readonly Dictionary<DropOutcome, long> _kept = [];
        private long _started = pace.GetTimestamp();
        private long _debtors;
        private long _records;
        private int _bite;

        public Instant Before => before;

        public Instant Now => now;

        public SweepCounts Counts => new(_debtors, _records, _kept, IsComplete);

        public bool IsComplete { get; set; } = true;

        public CountedFor Counted(string tenant) => counted(tenant);

        public bool IsNew(DebtorKey key)
        {
            if (_met.Count >= RememberedDebtors) _met.Clear();
            return _met.Add(key);
        }

        public void Take(DropResult result)
        {
            if (result.Outcome == DropOutcome.Dropped)
            {
                _debtors++;
                _records += result.Records;
            }
            else if (result.Outcome != DropOutcome.Nothing)
            {
                _kept[result.Outcome] = _kept.GetValueOrDefault(result.Outcome) + 1;
            }
        }

        public async Task RestAsync(CancellationToken cancellationToken)
        {
            if (++_bite < DebtorsAtOnce) return;
            if (Bite - pace.GetElapsedTime(_started) is { Ticks: > 0 } rest) await Task.Delay(rest, pace, cancellationToken);
            (_bite, _started) = (0, pace.GetTimestamp());
        }
    }
}
