using NodaTime;

namespace Scheduler.Cli.Demo;

/// <summary>
/// What is played: ten days that hold a Sunday and the end of summer time in the United States (1 November 2026), and a Colombian
/// holiday (Monday, 2 November).
/// </summary>
internal sealed record DemoPlan(long Seed, int Days, int Accounts)
{
    public const int DefaultDays = 10;
    public const int DefaultAccounts = 5_000;

    public static readonly LocalDate FirstDay = new(2026, 10, 29);

    public static readonly Duration Step = Duration.FromMinutes(30);

    private static readonly Offset Bogota = Offset.FromHours(-5);

    /// <summary>Midnight in Bogota of the first day.</summary>
    public static Instant Start => FirstDay.AtMidnight().WithOffset(Bogota).ToInstant();

    public Instant End => Start + Duration.FromDays(Days);

    /// <summary>The day in Bogota that an instant falls on.</summary>
    public static LocalDate DayOf(Instant instant) => instant.WithOffset(Bogota).Date;
}
