namespace Scheduler.Cli.Importing;

/// <summary>Words of the protocol's enums as people write them in profiles and on the command line: "voicemail_drop", "debt-buyer".</summary>
internal static class FieldWords
{
    public static bool TryParse<T>(string word, out T value)
        where T : struct, Enum
    {
        var name = word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Trim();
        value = default;
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && name[0] != '-' && Enum.TryParse(name, ignoreCase: true, out value)
               && !EqualityComparer<T>.Default.Equals(value, default);
    }

    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return string.Concat(name.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
    }

    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Where(value => !EqualityComparer<T>.Default.Equals(value, default)).Select(Of));
}
