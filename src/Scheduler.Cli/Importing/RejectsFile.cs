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
            await _writer.WriteRecordAsync([rowNumber.ToString(CultureInfo.InvariantCulture), rowId, fault.Field, fault.Reason]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
    }

    private async Task<CsvWriter> StartAsync()
    {
        var writer = CsvWriter.ToFile(path);
        await writer.WriteRecordAsync(["row", "row_id", "field", "reason"]);
        return writer;
    }
}
