using System.Text;
using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Events;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;
using Scheduler.Storage.Evidence;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>A debtor whose older records were dropped: what must go on knowing of them goes on, and what was dropped is told.</summary>
public sealed class DroppedRecordsTests : IAsyncLifetime
{
    private const string FirstAddress = "+573007654321";

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_feed_shows_the_rows_with_their_hashes_and_the_chain_goes_on_verifying()
    {
        await ContactedAsync();
        var before = await RecordsAsync("");
        Assert.Equal(DropOutcome.Dropped, (await DropAsync()).Outcome);
        await CloseAsync();
        var after = await RecordsAsync("");

        Assert.Equal(before.Select(static r => (r.Cursor, r.DebtorId, r.RecordTime, r.ChainHash)), after.Take(before.Count).Select(static r => (r.Cursor, r.DebtorId, r.RecordTime, r.ChainHash)));
        Assert.All(after.Take(before.Count - 1), static r => Assert.True(r.Batch.IsEmpty));
        Assert.Equal(after, await RecordsAsync("d1"));
        var report = await AuditAsync(after);
        Assert.Empty(report.Violations);
        Assert.Equal((before.Count, 1), (report.DroppedCount, report.CheckpointCount));
    }

    [Fact]
    public async Task A_second_checkpoint_stands_for_the_first()
    {
        await ContactedAsync();
        await DropAsync();
        await CloseAsync();
        _host.Advance(Duration.FromDays(50));
        Assert.Equal(DropOutcome.Dropped, (await DropAsync()).Outcome);
        Assert.Equal(DropOutcome.Nothing, (await DropAsync()).Outcome);

        var records = await RecordsAsync("");
        Assert.All(records.SkipLast(1), static r => Assert.True(r.Batch.IsEmpty));
        Assert.Empty((await AuditAsync(records)).Violations);
        var exported = await ExportAsync();
        Assert.Contains(FirstAddress[1..], exported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_goes_that_no_signed_root_covers()
    {
        await ContactedAsync();
        Assert.Equal(DropOutcome.Nothing, (await _host.DropAsync("d1", _host.Now)).Outcome);
        Assert.All(await RecordsAsync(""), static r => Assert.False(r.Batch.IsEmpty));
    }

    [Fact]
    public async Task A_late_receipt_finds_its_contact_and_is_applied_once()
    {
        await ContactedAsync();
        await DropAsync();
        V1.ReportReceiptsRequest receipt = new()
        {
            Gateway = WholeHost.Gateway,
            Receipts = { new V1.Receipt { TenantId = WholeHost.Tenant, ProviderContactId = "wamid.1", Kind = V1.ReceiptKind.Complaint, OccurTime = WholeHost.At(10) } },
        };

        Assert.Equal(V1.FactState.Recorded, (await _host.Dispatches.ReportReceiptsAsync(receipt, Told.Developer)).Results[0].State);
        Assert.Equal(V1.FactState.Duplicate, (await _host.Dispatches.ReportReceiptsAsync(receipt, Told.Developer)).Results[0].State);
        Assert.Empty((await AuditAsync(await RecordsAsync(""))).Violations);
    }

    [Fact]
    public async Task The_timeline_and_the_hand_over_say_what_was_dropped_and_keep_the_consent_ledger()
    {
        await ContactedAsync();
        await DropAsync();
        await CloseAsync();

        var timeline = await _host.Debtors.ListTimelineAsync(new V1.ListTimelineRequest { TenantId = WholeHost.Tenant, DebtorId = "d1" }, Told.Developer);
        var checkpoint = (await RecordsAsync("")).Last(static r => CheckpointCodec.Is(r.Batch.Span));
        Assert.Equal(["account.closed"], timeline.Entries.Select(static e => e.EventType).Distinct());
        Assert.Equal(checkpoint.Cursor, timeline.Dropped.CheckpointCursor);
        Assert.Equal(timeline.Entries[^1].Sequence - 1, timeline.Dropped.EventCount);
        var exported = await ExportAsync();
        Assert.Contains("\"consent.recorded\"", exported, StringComparison.Ordinal);
        Assert.Contains("+573001234567", exported, StringComparison.Ordinal);
        Assert.Contains($"\"checkpoint_cursor\": {checkpoint.Cursor}", exported, StringComparison.Ordinal);
        Assert.DoesNotContain("entry.applied", exported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erasure_suppresses_every_address_ever_listed_and_the_chain_verifies_after_it()
    {
        await ContactedAsync();
        await DropAsync();
        await CloseAsync();
        _host.Advance(Duration.FromDays(31));
        var erased = await _host.Debtors.EraseDebtorAsync(
            new V1.EraseDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "d1", RequestId = "r1", Actor = new V1.Actor { Reason = "asked in writing" } }, Told.Developer);
        Assert.Empty(erased.Retained);
        var again = WholeHost.Reachable("d2");
        again.ContactPoints.Points[0].Address = FirstAddress;
        await EnterAsync(again);

        var records = await RecordsAsync("");
        Assert.Contains("consent.withdrawn", records.Where(static r => r.DebtorId == "d2").SelectMany(static r => EventCodec.Decode(r.Batch.Span).Events).Select(static e => e.Type));
        Assert.Equal("debtor.erased", EventCodec.Decode(records.Last(static r => r.DebtorId == "d1").Batch.Span).Events[^1].Type);
        _host.Advance(Duration.FromDays(50));
        Assert.Equal(DropOutcome.Dropped, (await DropAsync()).Outcome);
        Assert.Empty((await AuditAsync(await RecordsAsync(""))).Violations);
    }

    [Fact]
    public async Task A_hand_on_the_checkpoint_or_on_a_row_is_told()
    {
        await ContactedAsync();
        await DropAsync();
        await CloseAsync();
        var records = await RecordsAsync("");
        var place = records.FindIndex(static r => CheckpointCodec.Is(r.Batch.Span));

        var checkpoint = V1.DebtorEventBatch.Parser.ParseFrom(records[place].Batch);
        var contents = V1.CheckpointContents.Parser.ParseFrom(checkpoint.Checkpoint.Contents);
        contents.Records.RemoveAt(0);
        checkpoint.Checkpoint.Contents = contents.ToByteString();
        Assert.Contains(ViolationKind.CheckpointWrong, await KindsAsync(With(records, place, checkpoint.ToByteString())));
        Assert.Contains(ViolationKind.DroppedWithoutCheckpoint, await KindsAsync(With(records, place, ByteString.Empty)));
        Assert.Contains(ViolationKind.DroppedWithoutCheckpoint, await KindsAsync(With(records, place + 1, ByteString.Empty)));
        Assert.Contains(ViolationKind.CheckpointWrong, await KindsAsync([.. records.Skip(1)]));
    }

    [Fact]
    public async Task A_chain_that_does_not_hold_is_not_signed_away()
    {
        await ContactedAsync();
        var last = (await _host.Log.ReadEventsBackAsync(new DebtorKey(WholeHost.Tenant, "d1"), null, 10, TestContext.Current.CancellationToken))[0];
        // What stands there now is no checkpoint, so the row bears bytes that its hash does not know.
        await _host.Log.DropEventsAsync(new EventDrop(last.Key, last.Seq, last.Chain, Encoding.UTF8.GetBytes("something else")), TestContext.Current.CancellationToken);

        Assert.Equal(DropOutcome.ChainBroken, (await DropAsync()).Outcome);
    }

    private static List<V1.EventRecord> With(List<V1.EventRecord> records, int place, ByteString batch)
    {
        var changed = records.ConvertAll(static r => r.Clone());
        changed[place].Batch = batch;
        return changed;
    }

    /// <summary>Entered with one address and then another, contacted and answered for, and all of it forty days ago.</summary>
    private async Task ContactedAsync()
    {
        var first = WholeHost.Reachable("d1");
        first.ContactPoints.Points[0].Address = FirstAddress;
        await EnterAsync(first);
        var second = WholeHost.Reachable("d1");
        second.SourceVersion = 2;
        await EnterAsync(second);
        var dispatch = Assert.Single((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer)).Dispatches);
        await _host.Dispatches.ReportOutcomesAsync(
            new V1.ReportOutcomesRequest
            {
                Gateway = WholeHost.Gateway,
                Outcomes =
                {
                    new V1.Outcome
                    {
                        Lease = WholeHost.LeaseOf(dispatch),
                        Placed = new V1.Placed { PlaceTime = WholeHost.At(0), Disposition = V1.Disposition.Accepted, ProviderContactId = "wamid.1" },
                    },
                },
            },
            Told.Developer);
        _host.Advance(Duration.FromDays(40));
    }

    private async Task<DropResult> DropAsync()
    {
        await _host.Roots.SignAsync(_host.Now, TestContext.Current.CancellationToken);
        return await _host.DropAsync("d1", _host.Now - Duration.FromDays(5));
    }

    private async Task EnterAsync(V1.DebtorEntry entry) => await _host.Ingest.EnqueueAccountsAsync(
        new V1.EnqueueAccountsRequest { TenantId = WholeHost.Tenant, Entries = { entry } }, Told.Developer);

    private async Task CloseAsync() => await _host.Ingest.CloseAccountsAsync(
        new V1.CloseAccountsRequest
        {
            TenantId = WholeHost.Tenant,
            Closures = { new V1.AccountClosure { AccountId = "account-of-d1", Reason = V1.CloseReason.Paid, CloseTime = WholeHost.At(0), RequestId = "close" } },
        },
        Told.Developer);

    private async Task<string> ExportAsync()
    {
        using var call = _host.Debtors.ExportDebtor(
            new V1.ExportDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "d1", Format = "json", Actor = new V1.Actor { Reason = "access request" } }, Told.Developer);
        var bytes = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) piece.Chunk.WriteTo(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private async Task<HashSet<ViolationKind>> KindsAsync(List<V1.EventRecord> records) => [.. (await AuditAsync(records)).Violations.Select(static v => v.Kind)];

    private Task<ComplianceReport> AuditAsync(List<V1.EventRecord> records)
    {
        var checker = new ComplianceChecker(null, _host.Roots.IsSigned);
        foreach (var record in records)
        {
            var key = new Domain.Debtors.DebtorKey(WholeHost.Tenant, record.DebtorId);
            var batch = EventCodec.Decode(record.Batch.Span);
            checker.Take(new AuditRecord(
                record.Cursor, key, Instant.FromDateTimeOffset(record.RecordTime.ToDateTimeOffset()), record.Batch.Memory, batch.Events, record.ChainHash.Memory)
            {
                FirstSequence = batch.FirstSequence,
                Checkpoint = batch.Checkpoint is null ? null : CheckpointCodec.Read(batch, key, record.Cursor, record.ChainHash.Span),
            });
        }

        return Task.FromResult(checker.Report());
    }

    private async Task<List<V1.EventRecord>> RecordsAsync(string debtor)
    {
        using var call = _host.Operations.StreamEvents(new V1.StreamEventsRequest { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer);
        var records = new List<V1.EventRecord>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) records.AddRange(piece.Records);
        return records;
    }
}
