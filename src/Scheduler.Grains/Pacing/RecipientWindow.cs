using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pacing;

/// <summary>
/// Recipients given out in a moving 24 hours, by the five minutes of their last dispatch. What a former process gave out is known by number
/// alone, so its recipients count as others: too many rather than too few.
/// </summary>
internal sealed class RecipientWindow
{
    public const long Span = 24 * 3_600_000;
    public const long BucketSpan = 5 * 60_000;

    private readonly SortedDictionary<long, Bucket> _buckets = [];
    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public bool Knows(string recipient) => _known.ContainsKey(recipient);

    /// <summary>When the oldest leave; null: there are none.</summary>
    public long? FreesAt => _buckets.Count == 0 ? null : EndOf(_buckets.First().Key);

    /// <summary>Forgets what is older than the span.</summary>
    public void Pass(long now)
    {
        while (_buckets.Count > 0 && _buckets.First() is var oldest && EndOf(oldest.Key) <= now)
        {
            foreach (var recipient in oldest.Value.Known) _known.Remove(recipient);
            Count -= oldest.Value.Count;
            _buckets.Remove(oldest.Key);
        }
    }

    /// <returns>True when it was not in the window.</returns>
    public bool Add(string recipient, long now)
    {
        var at = now - (now % BucketSpan);
        var isNew = !_known.TryGetValue(recipient, out var former);
        if (!isNew && former == at) return false;
        if (!isNew)
        {
            _buckets[former].Known.Remove(recipient);
            Count--;
        }

        _known[recipient] = at;
        BucketAt(at).Known.Add(recipient);
        Count++;
        return isNew;
    }

    /// <summary>It was not given out after all.</summary>
    public void Remove(string recipient)
    {
        if (!_known.Remove(recipient, out var at)) return;
        _buckets[at].Known.Remove(recipient);
        Count--;
    }

    /// <summary>Whether more were given out in these minutes than is written.</summary>
    public bool IsAhead(long now) => _buckets.TryGetValue(now - (now % BucketSpan), out var bucket) && bucket.Count > bucket.Written;

    /// <param name="spare">Given out in these minutes before the next write.</param>
    public IEnumerable<Stored.PacingCount> Write(long now, int spare)
    {
        var at = now - (now % BucketSpan);
        foreach (var (start, bucket) in _buckets)
        {
            bucket.Next = bucket.Count + (start == at ? spare : 0);
            if (bucket.Next > 0) yield return new Stored.PacingCount { At = start, Count = bucket.Next };
        }
    }

    /// <summary>What was written is durable.</summary>
    public void Written()
    {
        foreach (var bucket in _buckets.Values) bucket.Written = bucket.Next;
    }

    public void Read(IEnumerable<Stored.PacingCount> stored)
    {
        foreach (var one in stored)
        {
            var bucket = BucketAt(one.At);
            bucket.Unnamed += one.Count;
            bucket.Written += one.Count;
            Count += one.Count;
        }
    }

    private Bucket BucketAt(long at)
    {
        if (!_buckets.TryGetValue(at, out var bucket)) _buckets.Add(at, bucket = new Bucket());
        return bucket;
    }

    private static long EndOf(long bucket) => bucket + BucketSpan + Span;

    private sealed class Bucket
    {
        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);

        /// <summary>Given out by a former process.</summary>
        public int Unnamed { get; set; }

        public int Written { get; set; }

        public int Next { get; set; }

        public int Count => Known.Count + Unnamed;
    }
}
