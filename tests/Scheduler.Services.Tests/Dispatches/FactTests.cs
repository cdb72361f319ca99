using Grpc.Core;
using Scheduler.Grains.Debtors;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;

namespace Scheduler.Services.Tests.Dispatches;

public sealed class FactTests : IAsyncLifetime
{
    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Outcomes_go_to_their_debtors_in_order_and_answers_keep_theirs()
    {
        _host.Grains.Fact = async (key, _) =>
        {
            await Task.Yield();
            return new FactAnswer(key == "t1/d2" ? FactFate.RecordedStale : FactFate.Recorded, key == "t1/d3" ? ["CO.strict.week"] : [], null);
        };
        var bad = Requests.Outcome("d4");
        bad.Placed.PlaceTime = null;

        var response = await _host.Dispatches.ReportOutcomesAsync(
            new() { Gateway = Requests.Gateway, Outcomes = { Requests.Outcome("d1"), Requests.Outcome("d2"), Requests.Outcome("d3"), bad } }, Told.Developer);

        Assert.Equal(
            [V1.FactState.Recorded, V1.FactState.RecordedStale, V1.FactState.Recorded, V1.FactState.Invalid], response.Results.Select(static r => r.State));
        Assert.Equal(["CO.strict.week"], response.Results[2].BrokenRuleIds);
        Assert.Equal(["placed.place_time"], Told.Fields(response.Results[3].Status));
    }

    [Fact]
    public async Task A_thousand_outcomes_are_answered_in_order()
    {
        _host.Grains.Fact = async (key, _) =>
        {
            await Task.Yield();
            return new FactAnswer(FactFate.Recorded, [key], null);
        };
        var request = new V1.ReportOutcomesRequest { Gateway = Requests.Gateway };
        request.Outcomes.AddRange(Enumerable.Range(0, 1000).Select(static i => Requests.Outcome($"d{i % 300}")));

        var response = await _host.Dispatches.ReportOutcomesAsync(request, Told.Developer);

        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => $"t1/d{i % 300}"), response.Results.Select(static r => r.BrokenRuleIds[0]));
    }

    [Fact]
    public async Task A_stop_that_one_lister_of_the_phone_lacks_is_not_acknowledged_and_its_repeat_completes_it()
    {
        _host.Room.Links[(LinkKind.AddressDigest, ScriptedRoom.Digests.Of(Requests.Tenant, "+573001234567"))] = [new DebtorKey(Requests.Tenant, "d1"), new DebtorKey(Requests.Tenant, "d2")];
        _host.Grains.Sources = static (_, asked) => new("d1", asked.DispatchId, Domain.Debtors.ContactChannel.Sms, ["+573001234567"], []);
        var isDown = true;
        var told = new List<string>();
        _host.Grains.Signal = (key, signal) =>
        {
            if (isDown) throw new StorageUnavailableException("gone");
            told.Add($"{key} {V1.Signal.Parser.ParseFrom(signal.Body.Span).Address}");
            return Task.FromResult(new SignalAnswer(true, false, [], [], null));
        };
        var receipt = Requests.Receipt("d1");
        receipt.Kind = V1.ReceiptKind.Complaint;
        var request = new V1.ReportReceiptsRequest { Gateway = Requests.Gateway, Receipts = { receipt } };

        var first = (await _host.Dispatches.ReportReceiptsAsync(request, Told.Developer)).Results[0];
        Assert.Single(_host.Room.Learned);
        isDown = false;
        var second = (await _host.Dispatches.ReportReceiptsAsync(request, Told.Developer)).Results[0];

        Assert.Equal("STORAGE_UNAVAILABLE", Told.Cause(first.Status).Reason);
        Assert.Null(second.Status);
        Assert.Equal(["t1/d2 +573001234567"], told);
    }

    [Fact]
    public async Task A_receipt_finds_its_debtor_by_the_providers_id()
    {
        _host.Room.Links[(LinkKind.ProviderContact, "wamid.1")] = [new DebtorKey(Requests.Tenant, "d9")];
        var byProvider = Requests.Receipt("d1");
        byProvider.ProviderContactId = "wamid.1";
        var unknown = Requests.Receipt("d1");
        unknown.ProviderContactId = "wamid.2";

        var response = await _host.Dispatches.ReportReceiptsAsync(
            new() { Gateway = Requests.Gateway, Receipts = { byProvider, unknown, Requests.Receipt("d1") } }, Told.Developer);

        Assert.Equal([V1.FactState.Recorded, V1.FactState.Unknown, V1.FactState.Recorded], response.Results.Select(static r => r.State));
        Assert.Equal("DISPATCH_NOT_FOUND", Told.Cause(response.Results[1].Status).Reason);
        Assert.Equal(["t1/d1", "t1/d9"], _host.Grains.Calls.Select(static c => c.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_dispatch_that_nobody_knows_is_a_state_with_its_reason()
    {
        _host.Grains.Fact = static (_, _) => Task.FromResult(new FactAnswer(FactFate.NoSuchDispatch, [], null));

        var response = await _host.Dispatches.ReportOutcomesAsync(
            new() { Gateway = Requests.Gateway, Outcomes = { Requests.Outcome("d1") } }, Told.Developer);

        Assert.Equal(V1.FactState.Unknown, response.Results[0].State);
        Assert.Equal("DISPATCH_NOT_FOUND", Told.Cause(response.Results[0].Status).Reason);
    }

    [Fact]
    public async Task A_fact_whose_fate_is_not_known_is_to_be_repeated()
    {
        _host.Grains.Fact = static (_, _) => throw new TimeoutException("slow");

        var response = await _host.Dispatches.ReportReceiptsAsync(
            new() { Gateway = Requests.Gateway, Receipts = { Requests.Receipt("d1") } }, Told.Developer);

        var status = response.Results[0].Status;
        Assert.Equal((int)StatusCode.Unavailable, status.Code);
        Assert.Equal("OUTCOME_UNKNOWN", Told.Cause(status).Reason);
    }

    [Fact]
    public async Task Facts_none_at_all_or_too_many_are_refused_as_a_whole()
    {
        var many = new V1.ReportReceiptsRequest { Gateway = Requests.Gateway };
        many.Receipts.AddRange(Enumerable.Repeat(Requests.Receipt("d1"), 1001));

        var (_, empty, _) = await Told.RefusedAsync(async () =>
            await _host.Dispatches.ReportOutcomesAsync(new() { Gateway = Requests.Gateway }, Told.Developer));
        var (_, large, _) = await Told.RefusedAsync(async () => await _host.Dispatches.ReportReceiptsAsync(many, Told.Developer));

        Assert.Equal("BATCH_EMPTY", empty.Reason);
        Assert.Equal("BATCH_TOO_LARGE", large.Reason);
        Assert.Empty(_host.Grains.Calls);
    }
}
