using NodaTime;

namespace Scheduler.Domain.Calendars;

/// <summary>
/// Instants as ticks since 1970, in which rules are judged: one number compares and adds faster than an instant. Everything that is
/// recorded comes in ticks or coarser, so nothing is lost.
/// </summary>
internal static class Ticks
{
    /// <summary>Later than everything.</summary>
    public const long Never = long.MaxValue;

    private static readonly Instant EndOfTime = Instant.MaxValue;

    public static long Of(Instant at) => at == EndOfTime ? Never : at.ToUnixTimeTicks();

    public static Instant ToInstant(long ticks) => ticks == Never ? EndOfTime : Instant.FromUnixTimeTicks(ticks);
}
