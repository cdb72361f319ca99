using System.Globalization;

namespace Grpc.Wire;

/// <summary>The grpc-timeout header: at most eight digits and a unit.</summary>
internal static class TimeoutHeader
{
    private const long LargestNumber = 99_999_999;
    private const int MostDigits = 8;

    public static string Format(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 0);
        if (ticks <= LargestNumber / TimeSpan.NanosecondsPerTick)
        {
            return Number(ticks * TimeSpan.NanosecondsPerTick, 'n');
        }

        if (ticks / TimeSpan.TicksPerMicrosecond <= LargestNumber)
        {
            return Number(ticks / TimeSpan.TicksPerMicrosecond, 'u');
        }

        if (ticks / TimeSpan.TicksPerMillisecond <= LargestNumber)
        {
            return Number(ticks / TimeSpan.TicksPerMillisecond, 'm');
        }

        if (ticks / TimeSpan.TicksPerSecond <= LargestNumber)
        {
            return Number(ticks / TimeSpan.TicksPerSecond, 'S');
        }

        return ticks / TimeSpan.TicksPerMinute <= LargestNumber
            ? Number(ticks / TimeSpan.TicksPerMinute, 'M')
            : Number(ticks / TimeSpan.TicksPerHour, 'H');
    }

    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MostDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        long? ticks = text[^1] switch
        {
            'H' => number * TimeSpan.TicksPerHour,
            'M' => number * TimeSpan.TicksPerMinute,
            'S' => number * TimeSpan.TicksPerSecond,
            'm' => number * TimeSpan.TicksPerMillisecond,
            'u' => number * TimeSpan.TicksPerMicrosecond,
            'n' => number / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }

    private static string Number(long number, char unit) => string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
}
