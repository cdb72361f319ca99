using System.Buffers;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Border;

/// <summary>Reads single fields, noting what is wrong with each. A value returned beside a violation is never used: the item is rejected.</summary>
public static class FieldReader
{
    private const int BytesOfCharAtMost = 3;

    private static readonly long Earliest = BorderLimits.Earliest.ToUnixTimeSeconds();
    private static readonly long Latest = BorderLimits.Latest.ToUnixTimeSeconds();

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/+@#-");

    /// <summary>1..128 of the id alphabet.</summary>
    public static string Id(this FieldViolations v, string field, string value, int index = -1)
    {
        if (value.Length == 0) v.Add(field, FieldReasons.Required, "an id is required", index);
        else if (!IsId(value)) v.Add(field, FieldReasons.IdMalformed, "1 to 128 characters of A-Z a-z 0-9 . _ : @ -", index);
        return value;
    }

    /// <summary>An id, or empty where it is not known.</summary>
    public static string IdOrEmpty(this FieldViolations v, string field, string value, int index = -1) =>
        value.Length == 0 ? value : v.Id(field, value, index);

    public static bool IsId(string value) =>
        value.Length is > 0 and <= BorderLimits.IdLength && !value.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>A short word of a vocabulary, without blanks; may be empty.</summary>
    public static string Word(this FieldViolations v, string field, string value, int limit = BorderLimits.WordLength, int index = -1)
    {
        if (value.Length > limit) v.Add(field, FieldReasons.TooLong, $"at most {limit} characters", index);
        else if (value.AsSpan().ContainsAnyExcept(WordCharacters)) v.Add(field, FieldReasons.Malformed, "letters, digits and . _ : / + @ # - only", index);
        return value;
    }

    /// <summary>Text without control characters; may be empty.</summary>
    public static string Text(this FieldViolations v, string field, string value, int limit, int index = -1)
    {
        if (value.Length > limit / BytesOfCharAtMost && Encoding.UTF8.GetByteCount(value) > limit) v.Add(field, FieldReasons.TooLong, $"at most {limit} bytes", index);
        else if (HasControl(value)) v.Add(field, FieldReasons.Malformed, "no control characters", index);
        return value;
    }

    /// <summary>An enum whose numbers are those of Domain; unknown numbers are refused (the answer is zero then), and zero too where a value is required.</summary>
    public static TEnum Known<TEnum>(this FieldViolations v, string field, TEnum value, bool required = true, int index = -1)
        where TEnum : struct, System.Enum
    {
        if (!KnownNumbers<TEnum>.Has(value))
        {
            v.Add(field, FieldReasons.UnknownValue, "not a value of this enum", index);
            return default;
        }

        if (required && KnownNumbers<TEnum>.NumberOf(value) == 0) v.Add(field, FieldReasons.Required, "must be set", index);
        return value;
    }

    public static Instant? InstantOrNull(this FieldViolations v, string field, Timestamp? value, int index = -1)
    {
        if (value is null) return null;
        if (value.Nanos is < 0 or > 999_999_999 || !InRange(value.Seconds))
        {
            v.Add(field, FieldReasons.OutOfRange, "an instant from 1900 to 2200", index);
            return null;
        }

        // Whole milliseconds, which is what a state keeps: a debtor read back from the store is the one that was decided about.
        return NodaTime.Instant.FromUnixTimeMilliseconds((value.Seconds * NodaConstants.MillisecondsPerSecond) + (value.Nanos / NodaConstants.NanosecondsPerMillisecond));
    }

    public static Instant Instant(this FieldViolations v, string field, Timestamp? value, int index = -1)
    {
        if (value is null) v.Add(field, FieldReasons.Required, "an instant is required", index);
        return v.InstantOrNull(field, value, index) ?? default;
    }

    /// <summary>When something happened: required, and not more than five minutes ahead of our clock.</summary>
    public static Instant Past(this FieldViolations v, string field, Timestamp? value, Instant now)
    {
        var at = v.Instant(field, value);
        if (at > now + BorderLimits.FactAhead) v.Add(field, FieldReasons.InFuture, "more than 5 minutes ahead of the service's clock");
        return at;
    }

    /// <inheritdoc cref="Past"/>
    public static Instant? PastOrNull(this FieldViolations v, string field, Timestamp? value, Instant now) =>
        value is null ? null : v.Past(field, value, now);

    public static LocalDate? DateOrNull(this FieldViolations v, string field, Google.Type.Date? value)
    {
        if (value is null) return null;
        if (value.Year is >= 1900 and <= 2200 && value.Month is >= 1 and <= 12
            && value.Day >= 1 && value.Day <= CalendarSystem.Iso.GetDaysInMonth(value.Year, value.Month))
        {
            return new LocalDate(value.Year, value.Month, value.Day);
        }

        v.Add(field, FieldReasons.OutOfRange, "a calendar date from 1900 to 2200");
        return null;
    }

    public static LocalDate Date(this FieldViolations v, string field, Google.Type.Date? value)
    {
        if (value is null) v.Add(field, FieldReasons.Required, "a date is required");
        return v.DateOrNull(field, value) ?? default;
    }

    /// <summary>A sum of money; negative only where the field says so.</summary>
    public static Amount? AmountOrNull(this FieldViolations v, string field, Google.Type.Money? value, bool mayBeNegative = false)
    {
        if (value is null) return null;
        using var scope = v.In(field);
        if (value.CurrencyCode.Length != 3 || value.CurrencyCode.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
        {
            v.Add("currency_code", FieldReasons.Malformed, "three capital letters of ISO 4217");
        }

        if (value.Nanos is < -999_999_999 or > 999_999_999) v.Add("nanos", FieldReasons.OutOfRange, "-999,999,999 to 999,999,999");
        else if (Math.Sign(value.Units) * Math.Sign(value.Nanos) < 0) v.Add("nanos", FieldReasons.Inconsistent, "the sign of units");
        if (value.Units is < -BorderLimits.AmountUnits or > BorderLimits.AmountUnits)
        {
            v.Add("units", FieldReasons.OutOfRange, "at most a thousand million million either way");
        }
        else if (!mayBeNegative)
        {
            if (value.Units < 0) v.Add("units", FieldReasons.Negative, "not negative");
            else if (value.Units == 0 && value.Nanos < 0) v.Add("nanos", FieldReasons.Negative, "not negative");
        }

        return new Amount(value.CurrencyCode, value.Units, value.Nanos);
    }

    public static Amount Amount(this FieldViolations v, string field, Google.Type.Money? value, bool mayBeNegative = false)
    {
        if (value is null) v.Add(field, FieldReasons.Required, "an amount is required");
        return v.AmountOrNull(field, value, mayBeNegative) ?? default;
    }

    /// <summary>Notes an id that an item before has. Lists are short: looking at each is cheaper than a set.</summary>
    public static void Unlike<T>(this FieldViolations v, ReadOnlySpan<T> before, string id, Func<T, string> idOf, string field, string description)
    {
        if (id.Length == 0) return;
        foreach (var item in before)
        {
            if (!string.Equals(idOf(item), id, StringComparison.Ordinal)) continue;
            v.Add(field, FieldReasons.Duplicate, description);
            return;
        }
    }

    /// <summary>Refuses a list that is too long, so that no more than the limit is read.</summary>
    public static bool AtMost(this FieldViolations v, string field, int count, int limit)
    {
        if (count <= limit) return true;
        v.Add(field, FieldReasons.TooMany, $"at most {limit}");
        return false;
    }

    private static bool InRange(long seconds) => seconds >= Earliest && seconds < Latest;

    private static bool HasControl(string value)
    {
        foreach (var c in value)
        {
            if (char.IsControl(c)) return true;
        }

        return false;
    }
}
