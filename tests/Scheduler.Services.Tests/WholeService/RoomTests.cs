using Google.Rpc;
using Grpc.Core;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>A disk that is full, a database that may not be written, and one that does not answer: what callers are told, and what is there afterwards.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private const int Entries = 400;

    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task On_a_full_disk_entries_are_answered_UNAVAILABLE_and_the_same_request_succeeds_once_there_is_room()
    {
        await _host.RunOnWriterAsync("pragma max_page_count = 1");
        var request = Enqueue("d", Entries);
        var first = (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results;
        Assert.Contains(first, static result => result.State == V1.EntryState.Rejected);
        foreach (var refused in first.Where(static result => result.State == V1.EntryState.Rejected))
        {
            Assert.Equal(((int)StatusCode.Unavailable, "STORAGE_UNAVAILABLE"), (refused.Status.Code, Told.Cause(refused.Status).Reason));
            Assert.True(Assert.Single(Told.All<RetryInfo>(refused.Status)).RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        }

        await _host.RunOnWriterAsync("pragma max_page_count = 4294967294");
        var second = (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results;
        for (var i = 0; i < Entries; i++)
            Assert.Equal(first[i].State == V1.EntryState.Accepted ? V1.EntryState.Unchanged : V1.EntryState.Accepted, second[i].State);
        var statistics = await _host.Operations.GetStatisticsAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer);
        Assert.Equal((Entries, 0), (statistics.AccountsInCount, statistics.ConservationDifference));
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_answers_every_write_UNAVAILABLE_and_goes_on_answering_reads()
    {
        await _host.Ingest.EnqueueAccountsAsync(Enqueue("d", 1), Told.Developer);
        V1.RecordSignalsRequest withdrawal = new()
        {
            TenantId = WholeHost.Tenant,
            Signals = { new V1.Signal { SignalId = "s1", DebtorId = "d0", OccurTime = WholeHost.At(0), Consent = WholeHost.Consent("w1", V1.ConsentKind.Withdrawn, WholeHost.At(0)) } },
        };
        V1.SetPacingRequest pacing = new() { Pacing = new V1.Pacing { Scope = new V1.PacingScope { TenantId = WholeHost.Tenant }, MaxLiveLeases = 5 }, Actor = new V1.Actor { Reason = "test" } };

        await _host.RunOnWriterAsync("pragma query_only = on");
        var signal = (await _host.Debtors.RecordSignalsAsync(withdrawal, Told.Developer)).Results[0];
        Assert.Equal((false, (int)StatusCode.Unavailable), (signal.Recorded, signal.Status.Code));
        Assert.Single(Told.All<RetryInfo>(signal.Status));
        var (code, cause, status) = await Told.RefusedAsync(async () => await _host.Operations.SetPacingAsync(pacing, Told.Developer));
        Assert.Equal((StatusCode.Unavailable, "STORAGE_UNAVAILABLE"), (code, cause.Reason));
        Assert.Single(Told.All<RetryInfo>(status));
        Assert.Equal("d0", (await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "d0" }, Told.Developer)).Debtor.DebtorId);

        await _host.RunOnWriterAsync("pragma query_only = off");
        Assert.True((await _host.Debtors.RecordSignalsAsync(withdrawal, Told.Developer)).Results[0].Recorded);
        await _host.Operations.SetPacingAsync(pacing, Told.Developer);
        Assert.Empty((await _host.Dispatches.PullDispatchesAsync(new(WholeHost.Pull("p1")) { Wait = null }, Told.Developer)).Dispatches);
    }

    [Fact]
    public async Task While_storage_does_not_answer_no_more_than_a_stated_number_of_entries_is_taken_in()
    {
        using var gate = new SemaphoreSlim(0);
        var held = _host.HoldWriterAsync(gate);
        var calls = Enumerable.Range(0, 21).Select(part => CallAsync(Bare($"p{part}-", 1_000))).ToList();
        var refused = await Task.WhenAny(calls);
        Assert.Equal(StatusCode.ResourceExhausted, await refused);
        Assert.Equal(1, calls.Count(static call => call.IsCompleted));

        gate.Release();
        await held;
        calls.Remove(refused);
        Assert.All(await Task.WhenAll(calls), static code => Assert.Equal(StatusCode.OK, code));
    }

    private static V1.EnqueueAccountsRequest Enqueue(string prefix, int count) =>
        new() { TenantId = WholeHost.Tenant, Entries = { Enumerable.Range(0, count).Select(i => WholeHost.Reachable(prefix + i)) } };

    private static V1.EnqueueAccountsRequest Bare(string prefix, int count) =>
        new() { TenantId = WholeHost.Tenant, Entries = { Enumerable.Range(0, count).Select(i => Requests.Entry(prefix + i)) } };

    private async Task<StatusCode> CallAsync(V1.EnqueueAccountsRequest request)
    {
        try
        {
            var answer = await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer);
            return answer.Results.All(static result => result.State == V1.EntryState.Accepted) ? StatusCode.OK : StatusCode.Unknown;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }
}
