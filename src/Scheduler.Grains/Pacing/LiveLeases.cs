using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pacing;

/// <summary>Live leases by debtor and by the minute in which they end. Those of a former process are known by number alone, until they must have ended.</summary>
internal sealed class LiveLeases
{
    public const long BucketSpan = 60_000;

    private readonly Dictionary<string, (long Until, long Fence)> _byDebtor = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, Minute> _minutes = [];

    public int Count { get; private set; }

    /// <summary>When the first must have ended; null: there are none.</summary>
    public long? FreesAt => _minutes.Count == 0 ? null : _minutes.First().Key + BucketSpan;

    public void Pass(long now)
    {
        while (_minutes.Count > 0 && _minutes.First() is var first && first.Key + BucketSpan <= now)
        {
            foreach (var debtor in first.Value.Known) _byDebtor.Remove(debtor);
            Count -= first.Value.Count;
            _minutes.Remove(first.Key);
        }
    }

    /// <summary>From now until the end of that minute, unless its end is told before. A later end replaces an earlier one, never the other way.</summary>
    public void Add(string debtor, long until, long fence)
    {
        if (_byDebtor.TryGetValue(debtor, out var known))
        {
            if (known.Until >= until)
            {
                _byDebtor[debtor] = known with { Fence = Math.Max(known.Fence, fence) };
                return;
            }

            Remove(debtor, known.Until);
        }

        _byDebtor[debtor] = (until, Math.Max(known.Fence, fence));
        MinuteAt(MinuteOf(until)).Known.Add(debtor);
        Count++;
    }

    /// <summary>The lease with this fence, or one before it, is over. What is being leased has no fence yet and stays.</summary>
    public void End(string debtor, long fence)
    {
        if (_byDebtor.TryGetValue(debtor, out var known) && known.Fence != 0 && known.Fence <= fence) Drop(debtor);
    }

    public void Drop(string debtor)
    {
        if (_byDebtor.TryGetValue(debtor, out var known)) Remove(debtor, known.Until);
    }

    public bool IsAhead(long until) => _minutes.TryGetValue(MinuteOf(until), out var minute) && minute.Count > minute.Written;

    public IEnumerable<Stored.PacingCount> Write(long until, int spare)
    {
        var at = MinuteOf(until);
        foreach (var (start, minute) in _minutes)
        {
            minute.Next = minute.Count + (start == at ? spare : 0);
            if (minute.Next > 0) yield return new Stored.PacingCount { At = start, Count = minute.Next };
        }
    }

    public void Written()
    {
        foreach (var minute in _minutes.Values) minute.Written = minute.Next;
    }

    public void Read(IEnumerable<Stored.PacingCount> stored)
    {
        foreach (var one in stored)
        {
            var minute = MinuteAt(one.At);
            minute.Unnamed += one.Count;
            minute.Written += one.Count;
            Count += one.Count;
        }
    }

    private void Remove(string debtor, long until)
    {
        _byDebtor.Remove(debtor);
        _minutes[MinuteOf(until)].Known.Remove(debtor);
        Count--;
    }

    private Minute MinuteAt(long at)
    {
        if (!_minutes.TryGetValue(at, out var minute)) _minutes.Add(at, minute = new Minute());
        return minute;
    }

    private static long MinuteOf(long until) => until - (until % BucketSpan);

    private sealed class Minute
    {
        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

        public int Unnamed { get; set; }

        public int Written { get; set; }

        public int Next { get; set; }

        public int Count => Known.Count + Unnamed;
    }
}
