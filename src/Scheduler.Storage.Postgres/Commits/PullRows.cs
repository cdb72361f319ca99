using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Pulls of a group: added, and read back, so that one sent again meets its own row.</summary>
internal sealed class PullRows
{
    private readonly List<string>[] texts;
    private readonly List<long>[] instants;
    private readonly List<int> places;

    public PullRows()
    {
        places = Same.Column<int>(NpgsqlDbType.Integer);
        var added = Columns(Added);
        var same = Columns(Same);
        texts = [.. added.Texts, .. same.Texts];
        instants = [added.RecordedAts, same.RecordedAts];
    }

    public SetStatement Added { get; } = new("Pulls/Add");

    public SetStatement Same { get; } = new("Pulls/Same");

    public void Add(int place, PullRow pull)
    {
        string[] row = [pull.Gateway, pull.PullId, pull.Instance, pull.FormatKeys()];
        for (var column = 0; column < texts.Length; column++) texts[column].Add(row[column % row.Length]);
        foreach (var column in instants) column.Add(pull.RecordedAt);
        places.Add(place);
    }

    public void Clear()
    {
        Added.Clear();
        Same.Clear();
    }

    private static (List<string>[] Texts, List<long> RecordedAts) Columns(SetStatement statement)
    {
        var gateways = statement.Column<string>(NpgsqlDbType.Text);
        var pullIds = statement.Column<string>(NpgsqlDbType.Text);
        var instances = statement.Column<string>(NpgsqlDbType.Text);
        var recordedAts = statement.Column<long>(NpgsqlDbType.Bigint);
        return ([gateways, pullIds, instances, statement.Column<string>(NpgsqlDbType.Text)], recordedAts);
    }
}
