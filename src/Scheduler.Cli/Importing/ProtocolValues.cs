using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using NodaTime;
using NodaTime.Text;

namespace Scheduler.Cli.Importing;

/// <summary>Civil dates, amounts and instants as the protocol carries them.</summary>
internal static class ProtocolValues
{
    private const decimal NanosPerUnit = 1_000_000_000m;

    public static Date ToDate(LocalDate date) => new() { Year = date.Year, Month = date.Month, Day = date.Day };

    public static Timestamp ToTimestamp(Instant instant) => Timestamp.FromDateTimeOffset(instant.ToDateTimeOffset());

    public static Instant ToInstant(Timestamp timestamp) => Instant.FromDateTimeOffset(timestamp.ToDateTimeOffset());

    public static Money ToMoney(decimal amount, string currency)
    {
        var units = decimal.Truncate(amount);
        return new Money { CurrencyCode = currency, Units = (long)units, Nanos = (int)((amount - units) * NanosPerUnit) };
    }

    public static string Format(Money? money) => money is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{money.Units + (money.Nanos / NanosPerUnit):#,0.##} {money.CurrencyCode}");

    /// <summary>Reads "2026-10-29T14:00:00Z", or a date, which means its first instant in UTC.</summary>
    public static bool TryInstant(string text, out Instant instant)
    {
        if (OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } at) instant = at.Value.ToInstant();
        else if (LocalDatePattern.Iso.Parse(text) is { Success: true } date) instant = date.Value.AtMidnight().InUtc().ToInstant();
        else instant = default;
        return instant != default;
    }
}
