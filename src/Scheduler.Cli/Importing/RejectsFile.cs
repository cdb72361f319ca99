using System.Globalization;
using CsvHelper;

namespace Scheduler.Cli.Importing;

/// <summary>Rows not taken, one line a fault: row, row id, field, reason. Created at the first reject, so that a clean import leaves none.</summary>
internal sealed class RejectsFile(string path) : IAsyncDisposable
{
    private CsvWriter? _writer;

    public async Task WriteAsync(long rowNumber, string rowId, IEnumerable<FieldFault> faults)
    {
        _writer ??= await StartAsync();
        foreach (var fault in faults)
        {
            _writer.WriteField(rowNumber);
            _writer.WriteField(rowId);
            _writer.WriteField(fault.Field);
            _writer.WriteField(fault.Reason);
            await _writer.NextRecordAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
    }

    private async Task<CsvWriter> StartAsync()
    {
        var writer = new CsvWriter(new StreamWriter(path, append: false), CultureInfo.InvariantCulture);
        foreach (var column in (string[])["row", "row_id", "field", "reason"]) writer.WriteField(column);
        await writer.NextRecordAsync();
        return writer;
    }
}
