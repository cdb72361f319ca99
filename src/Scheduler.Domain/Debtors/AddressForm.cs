namespace Scheduler.Domain.Debtors;

/// <summary>One written form of an address, so that the same number or mailbox is found however it was written.</summary>
public static class AddressForm
{
    private const int LongestNumber = 24;
    private const string Separators = " -().\u00a0\t";

    /// <summary>A number without separators, a mailbox in lower case, anything else as it stands.</summary>
    public static string Of(string address)
    {
        var text = address.AsSpan().Trim();
        if (text.Length == address.Length && IsPlainNumber(text)) return address;
        if (text.Length > 0 && text[0] == '+') return Phone(text) ?? text.ToString();
        var trimmed = text.Length == address.Length ? address : text.ToString();
        return trimmed.Contains('@', StringComparison.Ordinal) ? trimmed.ToLowerInvariant() : trimmed;
    }

    /// <summary>As most sources write them: digits after a plus sign.</summary>
    private static bool IsPlainNumber(ReadOnlySpan<char> text) => text is ['+', .. var digits] && text.Length <= LongestNumber && !digits.ContainsAnyExceptInRange('0', '9');

    public static bool AreSame(string one, string other) => one == other || Of(one) == Of(other);

    private static string? Phone(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[LongestNumber];
        var length = 0;
        foreach (var c in text)
        {
            if (Separators.Contains(c, StringComparison.Ordinal)) continue;
            if (length == digits.Length || (c != '+' && !char.IsAsciiDigit(c)) || (c == '+' && length > 0)) return null;
            digits[length++] = c;
        }

        return digits[..length].ToString();
    }
}
