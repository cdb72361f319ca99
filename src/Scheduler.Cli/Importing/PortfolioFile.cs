using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Scheduler.Cli.Importing;

/// <summary>A CSV file row by row, with how far it has been read. The first line names the columns.</summary>
internal sealed class PortfolioFile : IDisposable
{
    private readonly Stream _stream;
    private readonly CsvParser _parser;

    public PortfolioFile(Stream stream)
    {
        _stream = stream;
        _parser = new CsvParser(new StreamReader(stream), new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null, IgnoreBlankLines = true });
        Header = _parser.Read() ? _parser.Record ?? [] : [];
    }

    public IReadOnlyList<string> Header { get; }

    /// <summary>Line of the present row in the file, from 1; the header is line 1.</summary>
    public long RowNumber => _parser.RawRow;

    public double ReadShare => _stream.Length == 0 ? 1 : (double)_stream.Position / _stream.Length;

    public bool TryRead(out IReadOnlyList<string> row)
    {
        row = [];
        if (!_parser.Read()) return false;
        row = _parser.Record ?? [];
        return true;
    }

    public void Dispose() => _parser.Dispose();
}
