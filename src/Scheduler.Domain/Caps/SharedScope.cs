namespace Scheduler.Domain.Caps;

/// <summary>What is shared. The numbers are stored.</summary>
public enum SharedKind : byte
{
    Unknown = 0,

    /// <summary>One debt: an account id, or a debt key that several accounts share.</summary>
    Debt = 1,

    /// <summary>A debtor and the spouse.</summary>
    Household = 2,
}

/// <summary>A counter that several debtors of a tenant share, by what they share.</summary>
public readonly record struct SharedScope(SharedKind Kind, string Id)
{
    /// <summary>No id has it.</summary>
    private const char Between = '~';

    public static SharedScope Debt(string key) => new(SharedKind.Debt, key);

    /// <summary>The same from both sides.</summary>
    public static SharedScope Household(string one, string other) =>
        new(SharedKind.Household, string.CompareOrdinal(one, other) < 0 ? $"{one}{Between}{other}" : $"{other}{Between}{one}");

    /// <summary>"debt/loan-1": with the tenant before it, the key of the shared counter.</summary>
    public override string ToString() => $"{(Kind == SharedKind.Household ? "household" : "debt")}/{Id}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static SharedScope Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return text[..slash] switch
        {
            "household" => new(SharedKind.Household, text[(slash + 1)..]),
            "debt" => new(SharedKind.Debt, text[(slash + 1)..]),
            _ => throw new FormatException($"'{text}' names no shared counter."),
        };
    }
}
