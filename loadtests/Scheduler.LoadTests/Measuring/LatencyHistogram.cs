using System.Numerics;

namespace Scheduler.LoadTests.Measuring;

/// <summary>
/// Durations counted in buckets that grow with them: every one is told to better than one part in a hundred, from a microsecond to more
/// than an hour, in the same 27 KB however many there are. Threading: safe for many.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;
    private const int Octaves = 33 - SubBits;
    private const long Largest = (1L << 32) - 1;

    private readonly long[] _counts = new long[SubBuckets * (Octaves + 1)];
    private long _count;
    private long _sum;
    private long _max;

    public long Count => Interlocked.Read(ref _count);

    public double MaxMilliseconds => Interlocked.Read(ref _max) / 1000.0;

    public double MeanMilliseconds => Count is > 0 and var count ? Interlocked.Read(ref _sum) / 1000.0 / count : 0;

    /// <summary>A negative duration counts as none: two clocks of one machine differ by less than what is measured.</summary>
    public void Add(TimeSpan took, long times = 1)
    {
        var micros = Math.Clamp((long)took.TotalMicroseconds, 0, Largest);
        Interlocked.Add(ref _counts[IndexOf(micros)], times);
        Interlocked.Add(ref _count, times);
        Interlocked.Add(ref _sum, micros * times);
        var max = Interlocked.Read(ref _max);
        while (micros > max && Interlocked.CompareExchange(ref _max, micros, max) is var found && found != max) max = found;
    }

    /// <summary>The duration, in milliseconds, that this share of all did not exceed: the upper end of its bucket, never above the largest seen.</summary>
    public double At(double share)
    {
        var wanted = (long)Math.Ceiling(Math.Clamp(share, 0, 1) * Count);
        if (wanted == 0) return 0;
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Interlocked.Read(ref _counts[i]);
            if (seen >= wanted) return Math.Min(UpperEnd(i) / 1000.0, MaxMilliseconds);
        }

        return MaxMilliseconds;
    }

    public void Reset()
    {
        Array.Clear(_counts);
        Interlocked.Exchange(ref _count, 0);
        Interlocked.Exchange(ref _sum, 0);
        Interlocked.Exchange(ref _max, 0);
    }

    private static int IndexOf(long micros)
    {
        if (micros < SubBuckets) return (int)micros;
        var octave = BitOperations.Log2((ulong)micros) - SubBits + 1;
        return (octave * SubBuckets) + (int)((micros >> (octave - 1)) - SubBuckets);
    }

    private static long UpperEnd(int index)
    {
        var octave = index / SubBuckets;
        if (octave == 0) return index;
        var width = 1L << (octave - 1);
        return ((SubBuckets + (index % SubBuckets)) * width) + width - 1;
    }
}
