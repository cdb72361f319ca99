namespace Scheduler.Domain.Debtors;

/// <summary>A debtor of a tenant; the key of everything we hold about one person. Ids are chosen by the caller and are pseudonymous.</summary>
public readonly record struct DebtorKey(string Tenant, string Debtor)
{
    /// <summary>"tenant/debtor": the grain's key and what is hashed into a slice. Neither id may contain a slash.</summary>
    public override string ToString() => $"{Tenant}/{Debtor}";
}

/// <summary>One debt of a tenant; the same id stands under every debtor who owes it.</summary>
public readonly record struct AccountId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A contact point within one debtor; never the address itself.</summary>
public readonly record struct PointId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// One attempt handed out, unique for ever: the debtor's id and the row version at which it was leased, in base 36.
/// Versions never go back, so an id is never given twice, and the id alone leads back to its debtor.
/// </summary>
public readonly record struct DispatchId(string Value)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static DispatchId Of(string debtor, long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        Span<char> digits = stackalloc char[13];
        var start = digits.Length;
        for (var rest = version; rest > 0; rest /= 36) digits[--start] = Digits[(int)(rest % 36)];
        return new DispatchId(string.Concat(debtor, ".", digits[start..]));
    }

    /// <summary>Splits the id into debtor and version; false when it is not one of ours.</summary>
    public bool TryParse(out string debtor, out long version)
    {
        debtor = "";
        version = 0;
        var dot = Value?.LastIndexOf('.') ?? -1;
        if (dot <= 0 || Value!.Length - dot - 1 is 0 or > 12) return false;
        if (!TryParse(Value.AsSpan(dot + 1), ref version)) return false;
        debtor = Value[..dot];
        return version > 0;
    }

    /// <summary>True for what <see cref="Of"/> makes of the debtor and the version, digit for digit; it makes no string.</summary>
    public bool IsOf(string debtor, out long version)
    {
        version = 0;
        if (debtor.Length == 0 || Value is null || !Value.StartsWith(debtor, StringComparison.Ordinal)) return false;
        var rest = Value.AsSpan(debtor.Length);
        return rest.Length is > 1 and <= 13 && rest[0] == '.' && rest[1] != '0' && TryParse(rest[1..], ref version);
    }

    private static bool TryParse(ReadOnlySpan<char> digits, ref long version)
    {
        foreach (var c in digits)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return false;
            version = (version * 36) + digit;
        }

        return true;
    }

    public override string ToString() => Value;
}
