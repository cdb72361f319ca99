using Google.Rpc;
using Scheduler.V1;

namespace Scheduler.Cli.Importing;

/// <summary>What an import did, in rows of the file.</summary>
internal sealed record ImportTally
{
    public long ReadCount { get; init; }

    public long FilteredCount { get; init; }

    public long AcceptedCount { get; init; }

    public long UnchangedCount { get; init; }

    public long StaleCount { get; init; }

    public long RejectedCount { get; init; }

    /// <summary>Rows that were sent as further accounts of the row before.</summary>
    public long JoinedCount { get; init; }

    public long AccountCount { get; init; }
}

/// <summary>How an import is cut into calls.</summary>
internal sealed record ImportTerms(string Tenant, int BatchSize, int BatchesInFlight, bool ValidateOnly);

/// <summary>
/// Reads a file, maps it and sends it in batches; a bounded number of calls is under way, and answers are taken in the order of the file.
/// Rows that follow each other with one debtor id become one entry with several accounts.
/// </summary>
internal sealed class ImportRun(ImportTerms terms, Func<EnqueueAccountsRequest, CancellationToken, Task<EnqueueAccountsResponse>> send, RejectsFile rejects)
{
    private readonly Queue<(List<MappedRow> Rows, Task<EnqueueAccountsResponse> Answer)> _inFlight = new();
    private List<MappedRow> _batch = [];
    private ImportTally _tally = new();

    public async Task<ImportTally> RunAsync(PortfolioFile file, EntryMapper mapper, Action<double> progress, CancellationToken cancel)
    {
        while (file.TryRead(out var row))
        {
            cancel.ThrowIfCancellationRequested();
            _tally = _tally with { ReadCount = _tally.ReadCount + 1 };
            await TakeAsync(mapper.Map(file.RowNumber, row), cancel);
            progress(file.ReadShare);
        }

        await SendAsync(cancel);
        while (_inFlight.Count > 0) await SettleAsync();
        progress(1);
        return _tally;
    }

    private async Task TakeAsync(MappedRow row, CancellationToken cancel)
    {
        if (row.Faults.Count > 0)
        {
            await RejectAsync(row, row.Faults);
            return;
        }

        if (row.Entry is null)
        {
            _tally = _tally with { FilteredCount = _tally.FilteredCount + 1 };
            return;
        }

        if (_batch.Count > 0 && _batch[^1].Entry!.DebtorId == row.Entry.DebtorId)
        {
            Join(_batch[^1].Entry!, row.Entry);
            _tally = _tally with { JoinedCount = _tally.JoinedCount + 1 };
            return;
        }

        if (_batch.Count == terms.BatchSize) await SendAsync(cancel);
        _batch.Add(row);
    }

    private static void Join(DebtorEntry entry, DebtorEntry more)
    {
        entry.Accounts.AddRange(more.Accounts.Where(account => entry.Accounts.All(known => known.AccountId != account.AccountId)));
        entry.Consents.AddRange(more.Consents.Where(consent => entry.Consents.All(known => known.ConsentId != consent.ConsentId)));
        if (more.ContactPoints is null) return;
        entry.ContactPoints ??= new ContactPointList();
        var points = entry.ContactPoints.Points;
        points.AddRange(more.ContactPoints.Points.Where(point => points.All(known => known.PointId != point.PointId)));
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        if (_batch.Count == 0) return;
        if (_inFlight.Count == terms.BatchesInFlight) await SettleAsync();
        var request = new EnqueueAccountsRequest { TenantId = terms.Tenant, ValidateOnly = terms.ValidateOnly };
        request.Entries.AddRange(_batch.Select(row => row.Entry));
        _inFlight.Enqueue((_batch, send(request, cancel)));
        _batch = [];
    }

    private async Task SettleAsync()
    {
        var (rows, answer) = _inFlight.Dequeue();
        var response = await answer;
        foreach (var result in response.Results)
        {
            var row = rows[result.EntryIndex];
            switch (result.State)
            {
                case EntryState.Unchanged:
                    _tally = _tally with { UnchangedCount = _tally.UnchangedCount + 1 };
                    break;
                case EntryState.Stale:
                    _tally = _tally with { StaleCount = _tally.StaleCount + 1 };
                    break;
                case EntryState.Rejected:
                    await RejectAsync(row, Faults(result.Status));
                    break;
                default:
                    _tally = _tally with { AcceptedCount = _tally.AcceptedCount + 1, AccountCount = _tally.AccountCount + row.Entry!.Accounts.Count };
                    break;
            }
        }
    }

    private static List<FieldFault> Faults(Google.Rpc.Status? status)
    {
        var violations = status?.Details.Where(detail => detail.Is(BadRequest.Descriptor))
            .SelectMany(detail => detail.Unpack<BadRequest>().FieldViolations)
            .Select(violation => new FieldFault(violation.Field, violation.Description)).ToList() ?? [];
        if (violations.Count > 0) return violations;
        var reason = status?.Details.FirstOrDefault(detail => detail.Is(ErrorInfo.Descriptor))?.Unpack<ErrorInfo>().Reason;
        return [new FieldFault("", reason is null ? status?.Message ?? "rejected" : $"{reason}: {status?.Message}")];
    }

    private async Task RejectAsync(MappedRow row, IEnumerable<FieldFault> faults)
    {
        _tally = _tally with { RejectedCount = _tally.RejectedCount + 1 };
        await rejects.WriteAsync(row.RowNumber, row.RowId, faults);
    }
}
