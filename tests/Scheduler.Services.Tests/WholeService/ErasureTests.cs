using System.Text;
using System.Text.Json;
using Grpc.Core;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Events;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>A person's rights: everything handed over in clear, and everything erased once no law keeps it.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Everything_held_is_handed_over_in_clear_and_the_hand_over_is_recorded()
    {
        await EnterAsync("d1");
        using var json = JsonDocument.Parse(await ExportAsync("d1", "json"));
        var html = await ExportAsync("d1", "html");

        var whole = json.RootElement.ToString();
        Assert.Contains("+573001234567", whole, StringComparison.Ordinal);
        Assert.Contains("Ana", whole, StringComparison.Ordinal);
        Assert.Contains("debtor.exported", whole, StringComparison.Ordinal);
        Assert.Contains("first_name: Ana", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["debtor.exported", "debtor.exported"], (await RecordsAsync()).SelectMany(static r => EventCodec.Decode(r.Batch.Span).Events).Select(static e => e.Type).TakeLast(2));
    }

    [Fact]
    public async Task Nothing_is_erased_while_an_account_is_open_or_retention_lasts()
    {
        await EnterAsync("d1");
        var open = Assert.Single((await EraseAsync("d1")).Retained);
        Assert.Equal("an account is open", open.Basis);
        Assert.Null(open.RetainUntilTime);
        await CloseAsync("d1");

        var kept = await EraseAsync("d1");
        var retained = Assert.Single(kept.Retained);
        Assert.Equal(("kept by the tests", 30L * 86_400), (retained.Basis, retained.Retention.Seconds));
        Assert.Equal(WholeHost.At(0).Seconds + (30L * 86_400), retained.RetainUntilTime.Seconds);
        Assert.Empty(kept.Erased);
        Assert.False(kept.SuppressionKept);
        Assert.Equal("***567", (await GetAsync("d1")).ContactPoints[0].Address);
    }

    [Fact]
    public async Task After_retention_the_key_is_gone_the_chain_still_verifies_and_the_id_is_never_used_again()
    {
        await EnterAsync("d1");
        await CloseAsync("d1");
        _host.Advance(Duration.FromDays(31));
        var first = await EraseAsync("d1");
        var again = await EraseAsync("d1");

        Assert.Empty(first.Retained);
        Assert.True(first.SuppressionKept);
        Assert.Equal(first, again);
        var erased = await GetAsync("d1");
        Assert.Equal(V1.DebtorState.Erased, erased.State);
        Assert.Empty(erased.ContactPoints);
        Assert.Empty(erased.Accounts);
        var records = await RecordsAsync();
        var checker = new ComplianceChecker();
        foreach (var r in records) checker.Take(Audited(r));
        Assert.Equal(0, checker.Report().ViolationCount);
        Assert.Equal("debtor.erased", EventCodec.Decode(records[^1].Batch.Span).Events[^1].Type);
        var isSealed = records.First(static r => !V1.DebtorEventBatch.Parser.ParseFrom(r.Batch).SealedFields.IsEmpty);
        await Assert.ThrowsAsync<Storage.Sealing.SealException>(() => _host.OpenAsync("d1", isSealed));

        var refused = (await EnterAsync("d1", version: 2)).Results[0];
        Assert.Equal("DEBTOR_ERASED", Told.Cause(refused.Status).Reason);
        var (code, cause, _) = await Told.RefusedAsync(() => ExportAsync("d1", "json"));
        Assert.Equal((StatusCode.FailedPrecondition, "DEBTOR_ERASED"), (code, cause.Reason));
        var (signal, _, _) = await Told.RefusedAsync(async () => await _host.Debtors.ExplainDebtorAsync(new V1.ExplainDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "d1" }, Told.Developer));
        Assert.Equal(StatusCode.NotFound, signal);
    }

    [Fact]
    public async Task The_data_key_of_the_erased_stands_in_no_file_of_the_database()
    {
        await EnterAsync("d1");
        await EnterAsync("d2");
        await CloseAsync("d1");
        var erased = await _host.WrappedKeyAsync("d1");
        var kept = await _host.WrappedKeyAsync("d2");
        Assert.True(await StandsAsync(erased));
        _host.Advance(Duration.FromDays(31));
        Assert.Empty((await EraseAsync("d1")).Retained);

        // The WAL is emptied beside the commits: every round trip leaves it time.
        var stands = true;
        for (var i = 0; stands && i < 500; i++)
        {
            await GetAsync("d1");
            stands = await StandsAsync(erased);
        }

        Assert.False(stands);
        Assert.True(await StandsAsync(kept));
    }

    [Fact]
    public async Task A_new_file_does_not_bring_the_person_back()
    {
        await EnterAsync("d1");
        await CloseAsync("d1");
        _host.Advance(Duration.FromDays(31));
        await EraseAsync("d1");
        await EnterAsync("d2");

        var events = (await RecordsAsync()).Where(static r => r.DebtorId == "d2").SelectMany(static r => EventCodec.Decode(r.Batch.Span).Events).Select(static e => e.Type);
        Assert.Contains("consent.withdrawn", events);
        var explained = await _host.Debtors.ExplainDebtorAsync(
            new V1.ExplainDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "d2", Channels = { V1.ContactChannel.Whatsapp } }, Told.Developer);
        Assert.All(explained.Explanations, static e => Assert.NotEqual(V1.VerdictKind.Permit, e.Verdict.Kind));
    }

    [Fact]
    public async Task An_address_that_was_listed_once_does_not_bring_the_person_back_either()
    {
        await EnterAsync("d1");
        var moved = WholeHost.Reachable("d1");
        (moved.SourceVersion, moved.ContactPoints.Points[0].Address) = (2, "+573007654321");
        await _host.Ingest.EnqueueAccountsAsync(new V1.EnqueueAccountsRequest { TenantId = WholeHost.Tenant, Entries = { moved } }, Told.Developer);
        await CloseAsync("d1");
        _host.Advance(Duration.FromDays(31));
        Assert.Empty((await EraseAsync("d1")).Retained);
        await EnterAsync("d2");

        var events = (await RecordsAsync()).Where(static r => r.DebtorId == "d2").SelectMany(static r => EventCodec.Decode(r.Batch.Span).Events).Select(static e => e.Type);
        Assert.Contains("consent.withdrawn", events);
    }

    [Fact]
    public async Task An_id_that_was_merged_into_another_is_handed_over_and_erased_with_it()
    {
        await EnterAsync("d1");
        await EnterAsync("d2");
        await _host.Debtors.MergeDebtorsAsync(
            new V1.MergeDebtorsRequest { TenantId = WholeHost.Tenant, SurvivingDebtorId = "d1", MergedDebtorId = "d2" }, Told.Developer);
        Assert.Contains("debtor.merged", await ExportAsync("d2", "json"), StringComparison.Ordinal);
        await CloseAsync("d1");
        await CloseAsync("d2");
        _host.Advance(Duration.FromDays(31));
        var sealedOfAlias = (await RecordsAsync()).First(static r => r.DebtorId == "d2");
        await _host.OpenAsync("d2", sealedOfAlias);

        Assert.Empty((await EraseAsync("d2")).Retained);
        await Assert.ThrowsAsync<Storage.Sealing.SealException>(() => _host.OpenAsync("d2", sealedOfAlias));
        Assert.Equal(V1.DebtorState.Erased, (await GetAsync("d1")).State);
        Assert.Equal(V1.DebtorState.Erased, (await GetAsync("d2")).State);
    }

    [Fact]
    public async Task Who_was_never_here_cannot_be_erased_and_why_must_be_said()
    {
        var (code, _, _) = await Told.RefusedAsync(() => EraseAsync("nobody"));
        Assert.Equal(StatusCode.NotFound, code);
        var (missing, _, _) = await Told.RefusedAsync(async () => await _host.Debtors.EraseDebtorAsync(
            new V1.EraseDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = "d1", RequestId = "r1" }, Told.Developer));
        Assert.Equal(StatusCode.InvalidArgument, missing);
    }

    private async Task<bool> StandsAsync(byte[] bytes) => (await _host.FilesAsync()).AsSpan().IndexOf(bytes) >= 0;

    private static AuditRecord Audited(V1.EventRecord r) => new(
        r.Cursor, new Domain.Debtors.DebtorKey(WholeHost.Tenant, r.DebtorId), Instant.FromDateTimeOffset(r.RecordTime.ToDateTimeOffset()), r.Batch.Memory,
        EventCodec.Decode(r.Batch.Span).Events, r.ChainHash.Memory);

    private async Task<V1.EnqueueAccountsResponse> EnterAsync(string debtor, long version = 1)
    {
        var entry = WholeHost.Reachable(debtor);
        entry.SourceVersion = version;
        return await _host.Ingest.EnqueueAccountsAsync(new V1.EnqueueAccountsRequest { TenantId = WholeHost.Tenant, Entries = { entry } }, Told.Developer);
    }

    private async Task CloseAsync(string debtor) => await _host.Ingest.CloseAccountsAsync(
        new V1.CloseAccountsRequest
        {
            TenantId = WholeHost.Tenant,
            Closures = { new V1.AccountClosure { AccountId = "account-of-" + debtor, Reason = V1.CloseReason.Paid, CloseTime = WholeHost.At(0), RequestId = "close-" + debtor } },
        },
        Told.Developer);

    private async Task<V1.EraseDebtorResponse> EraseAsync(string debtor) => await _host.Debtors.EraseDebtorAsync(
        new V1.EraseDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = debtor, RequestId = "r1", Actor = new V1.Actor { Reason = "asked in writing" } }, Told.Developer);

    private async Task<V1.Debtor> GetAsync(string debtor) =>
        (await _host.Debtors.GetDebtorAsync(new V1.GetDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer)).Debtor;

    private async Task<string> ExportAsync(string debtor, string format)
    {
        using var call = _host.Debtors.ExportDebtor(
            new V1.ExportDebtorRequest { TenantId = WholeHost.Tenant, DebtorId = debtor, Format = format, Actor = new V1.Actor { Reason = "access request" } }, Told.Developer);
        var bytes = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) piece.Chunk.WriteTo(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private async Task<List<V1.EventRecord>> RecordsAsync()
    {
        using var call = _host.Operations.StreamEvents(new V1.StreamEventsRequest { TenantId = WholeHost.Tenant }, Told.Developer);
        var records = new List<V1.EventRecord>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) records.AddRange(piece.Records);
        return records;
    }
}
