namespace Scheduler.Protocol.Border;

/// <summary>One thing wrong with one field.</summary>
/// <param name="Field">Path inside the item: "accounts[1].balance.units".</param>
/// <param name="Reason">UPPER_SNAKE, stable; see <see cref="FieldReasons"/>.</param>
/// <param name="Description">One phrase without the value: it may be personal data.</param>
public sealed record FieldViolation(string Field, string Reason, string Description);

/// <summary>Collects everything wrong with one item of a request, with the path of each field.</summary>
/// <remarks>
/// Threading: one reader of one item. The path is kept as segments and written out only for a violation, so that a
/// correct item costs no strings. Limits: <see cref="Limit"/> violations are listed; more are counted only.
/// </remarks>
public sealed class FieldViolations
{
    /// <summary>Violations listed for one item.</summary>
    public const int Limit = 64;

    private readonly List<(string Name, int Index)> _path = [];
    private readonly List<FieldViolation> _listed = [];

    public IReadOnlyList<FieldViolation> Listed => _listed;

    /// <summary>How many there were, listed or not.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>Enters a field; leaving the scope returns to the one around it.</summary>
    public Scope In(string field, int index = -1)
    {
        _path.Add((field, index));
        return new Scope(this);
    }

    public void Add(string field, string reason, string description, int index = -1)
    {
        Count++;
        if (_listed.Count >= Limit) return;
        var path = new System.Text.StringBuilder();
        foreach (var (name, at) in _path) Append(path, name, at);
        Append(path, field, index);
        _listed.Add(new FieldViolation(path.ToString(), reason, description));
    }

    private static void Append(System.Text.StringBuilder path, string name, int index)
    {
        if (name.Length == 0) return;
        if (path.Length > 0) path.Append('.');
        path.Append(name);
        if (index >= 0) path.Append('[').Append(index).Append(']');
    }

    /// <summary>A field that is being read.</summary>
    public readonly ref struct Scope
    {
        private readonly FieldViolations _owner;

        internal Scope(FieldViolations owner) => _owner = owner;

        public void Dispose() => _owner._path.RemoveAt(_owner._path.Count - 1);
    }
}

/// <summary>Reasons of field violations.</summary>
public static class FieldReasons
{
    public const string Required = "REQUIRED";
    public const string IdMalformed = "ID_MALFORMED";
    public const string Malformed = "MALFORMED";
    public const string TooLong = "TOO_LONG";
    public const string TooMany = "TOO_MANY";
    public const string Duplicate = "DUPLICATE";
    public const string UnknownValue = "UNKNOWN_VALUE";
    public const string UnknownZone = "UNKNOWN_ZONE";
    public const string OutOfRange = "OUT_OF_RANGE";
    public const string Negative = "NEGATIVE";
    public const string InFuture = "IN_FUTURE";
    public const string Inconsistent = "INCONSISTENT";
}
