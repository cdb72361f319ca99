using System.Text;

namespace Scheduler.Cli.Sampling;

/// <summary>
/// Numbers that depend on nothing but the words given: the same in every process, on every machine and in any order of calls.
/// Seeds every choice that imports, samples and the behaviour model make.
/// </summary>
internal static class StableHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>64 well-mixed bits of a seed and some words; the words are kept apart, so ("ab", "c") differs from ("a", "bc").</summary>
    public static ulong Of(long seed, params ReadOnlySpan<string> words)
    {
        var hash = unchecked(Offset ^ ((ulong)seed * Prime));
        foreach (var word in words)
        {
            foreach (var b in Encoding.UTF8.GetBytes(word)) hash = unchecked((hash ^ b) * Prime);
            hash = unchecked((hash ^ 0x1F) * Prime);
        }

        return Mix(hash);
    }

    /// <summary>A number in [0, 1).</summary>
    public static double Fraction(long seed, params ReadOnlySpan<string> words) => (Of(seed, words) >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer in [from, to], both included.</summary>
    public static int Between(int from, int to, long seed, params ReadOnlySpan<string> words) =>
        from + (int)(Of(seed, words) % (ulong)(to - from + 1));

    // The finaliser of splitmix64: FNV alone leaves the high bits of short words poorly mixed.
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
