using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Domain.Debtors;
using Duration = NodaTime.Duration;

namespace Scheduler.Protocol.Mapping;

/// <summary>Instants, civil times and money, both ways. Instants are kept to 100 ns, the grain of every clock involved.</summary>
public static class ScalarMap
{
    public static Instant ToInstant(Timestamp value) =>
        Instant.FromUnixTimeSeconds(value.Seconds).PlusTicks(value.Nanos / NodaConstants.NanosecondsPerTick);

    public static Timestamp ToProto(Instant value)
    {
        var (seconds, nanos) = Split(value);
        return new Timestamp { Seconds = seconds, Nanos = nanos };
    }

    /// <summary>Seconds of the epoch, and from there on to the instant, never back.</summary>
    internal static (long Seconds, int Nanos) Split(Instant value)
    {
        var ticks = value.ToUnixTimeTicks();
        var seconds = Math.DivRem(ticks, NodaConstants.TicksPerSecond, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += NodaConstants.TicksPerSecond;
        }

        return (seconds, (int)(rest * NodaConstants.NanosecondsPerTick));
    }

    public static Timestamp? ToProto(Instant? value) => value is { } at ? ToProto(at) : null;

    public static Duration ToDuration(Google.Protobuf.WellKnownTypes.Duration value) =>
        Duration.FromSeconds(value.Seconds) + Duration.FromNanoseconds((long)value.Nanos);

    public static Google.Protobuf.WellKnownTypes.Duration ToProto(Duration value)
    {
        var nanoseconds = value.ToInt64Nanoseconds();
        return new() { Seconds = nanoseconds / NodaConstants.NanosecondsPerSecond, Nanos = (int)(nanoseconds % NodaConstants.NanosecondsPerSecond) };
    }

    public static Google.Type.Date ToProto(LocalDate value) => new() { Year = value.Year, Month = value.Month, Day = value.Day };

    public static Google.Type.Date? ToProto(LocalDate? value) => value is { } date ? ToProto(date) : null;

    public static LocalDate ToDate(Google.Type.Date value) => new(value.Year, value.Month, value.Day);

    public static Google.Type.TimeOfDay ToProto(LocalTime value) =>
        new() { Hours = value.Hour, Minutes = value.Minute, Seconds = value.Second, Nanos = value.NanosecondOfSecond };

    /// <summary>Minutes after midnight as a time of day; 1,440 is 24:00.</summary>
    public static Google.Type.TimeOfDay ToProto(int minuteOfDay) => new() { Hours = minuteOfDay / 60, Minutes = minuteOfDay % 60 };

    public static Google.Type.Money? ToProto(Amount value) =>
        string.IsNullOrEmpty(value.Currency) ? null : new() { CurrencyCode = value.Currency, Units = value.Units, Nanos = value.Nanos };

    public static Google.Type.Money? ToProto(Amount? value) => value is { } amount ? ToProto(amount) : null;

    public static Amount ToAmount(Google.Type.Money? value) => value is null ? default : new(value.CurrencyCode, value.Units, value.Nanos);
}
