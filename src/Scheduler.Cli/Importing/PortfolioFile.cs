using CsvHelper;

namespace Scheduler.Cli.Importing;

/// <summary>A CSV file row by row, with how far it has been read. The first line names the columns.</summary>
internal sealed class PortfolioFile : IDisposable
{
    private readonly Stream _stream;
    private readonly CsvReader _reader;

    public PortfolioFile(Stream stream)
    {
        _stream = stream;
        _reader = CsvReader.Create(stream, CsvReaderOptions.Default with { TrackLineNumbers = true, SkipEmptyLines = true }, leaveOpen: true);
        _reader.ReadHeader();
        Header = [.. _reader.Headers];
    }

    public IReadOnlyList<string> Header { get; }

    /// <summary>Line of the file on which the present row begins, from 1; the header is line 1.</summary>
    public long RowNumber => _reader.LineNumber;

    public double ReadShare => _stream.Length == 0 ? 1 : (double)_reader.ByteOffset / _stream.Length;

    public bool TryRead(out IReadOnlyList<string> row)
    {
        row = [];
        if (!_reader.Read()) return false;
        var fields = new string[_reader.FieldCount];
        for (var i = 0; i < fields.Length; i++) fields[i] = _reader.GetString(i);
        row = fields;
        return true;
    }

    public void Dispose() => _reader.Dispose();
}
