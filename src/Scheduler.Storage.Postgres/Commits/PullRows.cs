using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Pulls of a group: added, and read back, so that one sent again meets its own row.</summary>
internal sealed class PullRows
{
    private readonly PackedColumn[] texts;
    private readonly PackedColumn[] instants;
    private readonly PackedColumn places;

    public PullRows()
    {
        places = Same.Column(NpgsqlDbType.Integer);
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

    private static (PackedColumn[] Texts, PackedColumn RecordedAts) Columns(SetStatement statement)
    {
        var gateways = statement.Column(NpgsqlDbType.Text);
        var pullIds = statement.Column(NpgsqlDbType.Text);
        var instances = statement.Column(NpgsqlDbType.Text);
        var recordedAts = statement.Column(NpgsqlDbType.Bigint);
        return ([gateways, pullIds, instances, statement.Column(NpgsqlDbType.Text)], recordedAts);
    }
}
