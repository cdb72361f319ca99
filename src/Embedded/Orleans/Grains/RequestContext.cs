namespace Orleans.Runtime;

/// <summary>Values that travel with a call to the grain, and with its calls onwards.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<IReadOnlyDictionary<string, object>?> Values = new();

    internal static IReadOnlyDictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    public static object? Get(string key) => Values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Copies on write: a callee never changes what its caller sees.</summary>
    public static void Set(string key, object value)
    {
        var values = Values.Value is { } current
            ? new Dictionary<string, object>(current, StringComparer.Ordinal)
            : new Dictionary<string, object>(StringComparer.Ordinal);
        values[key] = value;
        Values.Value = values;
    }
}
