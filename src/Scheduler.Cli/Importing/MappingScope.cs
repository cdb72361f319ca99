using System.Collections.Immutable;
using NodaTime;
using Scheduler.Cli.Sampling;

namespace Scheduler.Cli.Importing;

/// <summary>Why a row was not sent or not taken: the field and the reason.</summary>
internal readonly record struct FieldFault(string Field, string Reason);

/// <summary>One row as a profile's expressions see it. Threading: owned by the one mapper that reads the file.</summary>
internal sealed class MappingScope
{
    private readonly ImmutableDictionary<string, string> _options;
    private readonly Dictionary<string, int> _columns;
    private readonly Dictionary<string, string?> _values = [];
    private readonly List<FieldFault> _faults = [];
    private IReadOnlyList<string> _row = [];
    private string _rowId = "";

    public MappingScope(MappingProfile profile, IReadOnlyList<string> header, LocalDate asOf, ImmutableDictionary<string, string> options)
    {
        Profile = profile;
        AsOf = asOf;
        _options = options;
        _columns = new Dictionary<string, int>(header.Count);
        for (var i = 0; i < header.Count; i++) _columns.TryAdd(header[i].Trim(), i);
    }

    public MappingProfile Profile { get; }

    public LocalDate AsOf { get; }

    /// <summary>Field that is being computed; faults are noted under it.</summary>
    public string Field { get; set; } = "";

    public IReadOnlyList<FieldFault> Faults => _faults;

    public string RowId => _rowId;

    public bool HasColumn(string name) => _columns.ContainsKey(name);

    public void Begin(IReadOnlyList<string> row)
    {
        _row = row;
        _values.Clear();
        _faults.Clear();
        Field = "row_id";
        _rowId = "";
        _rowId = Profile.RowId.Text(this);
        if (_rowId.Length == 0) Fault("the row has no id");
    }

    public string Column(string name)
    {
        if (_columns.TryGetValue(name, out var index))
        {
            if (index < _row.Count) return _row[index].Trim();
            Fault($"the row ends before column '{name}'");
        }
        else
        {
            Fault($"the file has no column '{name}'");
        }

        return "";
    }

    public string Value(string name)
    {
        if (_values.TryGetValue(name, out var known)) return known ?? Circular(name);
        _values[name] = null;
        var text = Profile.Values[name].Text(this);
        _values[name] = text;
        return text;
    }

    public string ValueOrColumn(string name) => Profile.Values.ContainsKey(name) ? Value(name) : Column(name);

    public string Option(string name) => _options.TryGetValue(name, out var set) ? set : Profile.Options[name];

    public ulong Hash(string choice) => StableHash.Of(0, _rowId, choice);

    public void Fault(string reason) => _faults.Add(new(Field, reason));

    private string Circular(string name)
    {
        Fault($"value '{name}' depends on itself");
        return "";
    }
}
