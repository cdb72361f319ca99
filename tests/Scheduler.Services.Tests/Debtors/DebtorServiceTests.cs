using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;
using DebtorKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Services.Tests.Debtors;

public sealed class DebtorServiceTests : IAsyncLifetime
{
    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_debtor_is_answered_as_its_grain_says()
    {
        var debtor = new V1.Debtor { TenantId = Requests.Tenant, DebtorId = "d1", StateVersion = 3 };
        _host.Grains.State = key => key == "t1/d1" ? new DebtorAnswer(true, debtor.ToByteArray()) : DebtorAnswer.NotFound;

        var response = await _host.Debtors.GetDebtorAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1" }, Told.Developer);
        var (code, cause, _) = await Told.RefusedAsync(async () =>
            await _host.Debtors.GetDebtorAsync(new() { TenantId = Requests.Tenant, DebtorId = "d2" }, Told.Developer));

        Assert.Equal(debtor, response.Debtor);
        Assert.Equal((StatusCode.NotFound, "DEBTOR_NOT_FOUND"), (code, cause.Reason));
    }

    [Fact]
    public async Task Storage_that_cannot_be_reached_says_when_to_come_back()
    {
        _host.Grains.State = static _ => throw new StorageUnavailableException("gone");

        var (code, cause, status) = await Told.RefusedAsync(async () =>
            await _host.Debtors.GetDebtorAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1" }, Told.Developer));

        Assert.Equal((StatusCode.Unavailable, "STORAGE_UNAVAILABLE"), (code, cause.Reason));
        Assert.Single(Told.All<Google.Rpc.RetryInfo>(status));
    }

    [Fact]
    public async Task An_explanation_is_asked_of_the_debtor()
    {
        var answer = new V1.ExplainDebtorResponse { AppliedPacks = { "CO.strict@2026-06-01#3" } };
        _host.Grains.Explain = (_, _) => new DebtorAnswer(true, answer.ToByteArray());

        var response = await _host.Debtors.ExplainDebtorAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1" }, Told.Developer);
        var (_, _, status) = await Told.RefusedAsync(async () => await _host.Debtors.ExplainDebtorAsync(
            new() { TenantId = Requests.Tenant, DebtorId = "d 1", Channels = { (V1.ContactChannel)50 } }, Told.Developer));

        Assert.Equal(answer, response);
        Assert.Equal(["debtor_id", "channels[0]"], Told.Fields(status));
    }

    [Fact]
    public async Task Signals_find_their_debtors_by_id_dispatch_or_account()
    {
        _host.Room.Links[(LinkKind.Account, "a1")] = [new DebtorKey(Requests.Tenant, "d3"), new DebtorKey(Requests.Tenant, "d4")];
        var byDispatch = Requests.Signal("s2", "");
        byDispatch.DispatchId = "some.one.2.zz";
        var byAccount = Requests.Signal("s3", "");
        byAccount.AccountId = "a1";
        var unknown = Requests.Signal("s4", "");
        unknown.AccountId = "nobodys";

        var response = await _host.Debtors.RecordSignalsAsync(
            Requests.Signals(Requests.Signal("s1", "d1"), byDispatch, byAccount, unknown), Told.Developer);

        Assert.Equal([true, true, true, false], response.Results.Select(static r => r.Recorded));
        Assert.Equal(["d1"], response.Results[0].DebtorIds);
        Assert.Equal(["some.one.2"], response.Results[1].DebtorIds);
        Assert.Equal(["d3", "d4"], response.Results[2].DebtorIds);
        Assert.Equal("ACCOUNT_NOT_FOUND", Told.Cause(response.Results[3].Status).Reason);
    }

    [Fact]
    public async Task Revoked_and_unstoppable_leases_are_told()
    {
        _host.Grains.Signal = (_, _) => Task.FromResult(new SignalAnswer(true, false, ["d1.a"], ["d1.b"], null));

        var response = await _host.Debtors.RecordSignalsAsync(Requests.Signals(Requests.Signal("s1", "d1")), Told.Developer);

        Assert.Equal(["d1.a"], response.Results[0].RevokedDispatchIds);
        Assert.Equal(["d1.b"], response.Results[0].UnstoppableDispatchIds);
    }

    [Fact]
    public async Task A_signal_that_one_party_lacks_is_not_said_to_be_recorded()
    {
        _host.Room.Links[(LinkKind.Account, "a1")] = [new DebtorKey(Requests.Tenant, "d1"), new DebtorKey(Requests.Tenant, "d2")];
        _host.Grains.Signal = (key, _) => key == "t1/d2"
            ? throw new StorageUnavailableException("gone")
            : Task.FromResult(new SignalAnswer(true, false, [], [], null));
        var signal = Requests.Signal("s1", "");
        signal.AccountId = "a1";

        var response = await _host.Debtors.RecordSignalsAsync(Requests.Signals(signal), Told.Developer);

        Assert.False(response.Results[0].Recorded);
        Assert.Equal("STORAGE_UNAVAILABLE", Told.Cause(response.Results[0].Status).Reason);
    }

    [Fact]
    public async Task Signals_of_one_debtor_are_applied_in_order_and_others_do_not_wait()
    {
        var firstOfA = new TaskCompletionSource();
        var b = new TaskCompletionSource();
        var order = new ConcurrentQueue<string>();
        _host.Grains.Signal = async (key, submission) =>
        {
            var id = V1.Signal.Parser.ParseFrom(submission.Body.Span).SignalId;
            if (id == "a1") await firstOfA.Task;
            order.Enqueue(id);
            if (id == "b1") b.SetResult();
            return new SignalAnswer(true, false, [], [], null);
        };

        var call = _host.Debtors.RecordSignalsAsync(
            Requests.Signals(Requests.Signal("a1", "a"), Requests.Signal("a2", "a"), Requests.Signal("b1", "b")), Told.Developer);
        await b.Task;
        firstOfA.SetResult();
        var response = await call;

        Assert.Equal(["b1", "a1", "a2"], order);
        Assert.Equal([0, 1, 2], response.Results.Select(static r => r.SignalIndex));
        Assert.Equal([["a"], ["a"], ["b"]], response.Results.Select(static r => r.DebtorIds.ToArray()));
    }

    [Fact]
    public async Task A_bad_signal_is_named_and_the_rest_goes_through()
    {
        var late = Requests.Signal("s2", "d2");
        late.OccurTime = Requests.At(301);

        var response = await _host.Debtors.RecordSignalsAsync(Requests.Signals(Requests.Signal("s1", "d1"), late), Told.Developer);

        Assert.True(response.Results[0].Recorded);
        Assert.Equal(["occur_time"], Told.Fields(response.Results[1].Status));
    }

    [Fact]
    public async Task A_timeline_is_paged_newest_first_within_and_across_decisions()
    {
        WriteLog("d1", 3, 2, 4);
        var seen = new List<long>();
        var token = "";
        do
        {
            var page = await _host.Debtors.ListTimelineAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d1", PageSize = 2, PageToken = token }, Told.Developer);
            Assert.True(page.Entries.Count <= 2);
            seen.AddRange(page.Entries.Select(static e => e.Sequence));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task A_timeline_can_be_asked_as_it_stood()
    {
        WriteLog("d1", 1, 1, 1);

        var page = await _host.Debtors.ListTimelineAsync(
            new() { TenantId = Requests.Tenant, DebtorId = "d1", RecordedBeforeTime = new() { Seconds = 3 } }, Told.Developer);

        Assert.Equal([2, 1], page.Entries.Select(static e => e.Sequence));
    }

    [Fact]
    public async Task A_page_token_is_good_for_its_own_question_alone()
    {
        WriteLog("d1", 3);
        WriteLog("d2", 3);
        var page = await _host.Debtors.ListTimelineAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1", PageSize = 1 }, Told.Developer);

        foreach (var token in new[] { page.NextPageToken, "nonsense", "!!" })
        {
            var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Debtors.ListTimelineAsync(
                new() { TenantId = Requests.Tenant, DebtorId = "d2", PageToken = token }, Told.Developer));
            Assert.Equal((StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID"), (code, cause.Reason));
        }

        var (_, unknown, _) = await Told.RefusedAsync(async () =>
            await _host.Debtors.ListTimelineAsync(new() { TenantId = Requests.Tenant, DebtorId = "nobody" }, Told.Developer));
        var (_, _, negative) = await Told.RefusedAsync(async () =>
            await _host.Debtors.ListTimelineAsync(new() { TenantId = Requests.Tenant, DebtorId = "d1", PageSize = -1 }, Told.Developer));
        Assert.Equal("DEBTOR_NOT_FOUND", unknown.Reason);
        Assert.Equal(["page_size"], Told.Fields(negative));
    }

    /// <summary>Decisions of so many events each, a second apart.</summary>
    private void WriteLog(string debtor, params int[] decisions)
    {
        long previous = 0;
        long sequence = 1;
        for (var i = 0; i < decisions.Length; i++)
        {
            var at = Instant.FromUnixTimeSeconds(i + 1);
            DebtorEvent[] events = [.. Enumerable.Range(0, decisions[i]).Select(n => new DebtorEvent.ContactSettled(at, $"{debtor}.{n}"))];
            var seq = (_host.Room.Log.Count + 1) * 10;
            _host.Room.Log.Add(new EventRow(
                seq, previous, new DebtorKey(Requests.Tenant, debtor), i + 1, at.ToUnixTimeMilliseconds(), new byte[32],
                EventCodec.Encode(new EventBatch(sequence, at, [.. events]))));
            previous = seq;
            sequence += events.Length;
        }
    }
}
