using Grpc.Core;
using Scheduler.Domain.Consent;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;
using DebtorKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Services.Tests.Debtors;

public sealed class AddressSignalTests : IAsyncLifetime
{
    private const string Phone = "+573001234567";

    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static V1.Signal Stop(string address = Phone)
    {
        var signal = Requests.Signal("s1", "");
        signal.Address = address;
        signal.Channel = V1.ContactChannel.Sms;
        signal.Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop };
        return signal;
    }

    private void List(params string[] debtors) =>
        _host.Room.Links[(LinkKind.AddressDigest, ScriptedRoom.Digests.Of(Requests.Tenant, Phone))] = [.. debtors.Select(static d => new DebtorKey(Requests.Tenant, d))];

    private async Task<V1.SignalResult> RecordAsync(V1.Signal signal) =>
        (await _host.Debtors.RecordSignalsAsync(Requests.Signals(signal), Told.Developer)).Results[0];

    [Fact]
    public async Task A_stop_reaches_every_debtor_that_lists_the_address_however_it_is_written()
    {
        List("d1", "d2", "d3");

        var result = await RecordAsync(Stop("+57 300 123-4567"));

        Assert.True(result.Recorded);
        Assert.Equal(["d1", "d2", "d3"], result.DebtorIds);
        var fact = Assert.Single(_host.Room.Learned);
        Assert.Equal(((int)AddressFactKind.Stopped, (int)Domain.Debtors.ContactChannel.Sms), (fact.Kind, fact.Channel));
    }

    [Fact]
    public async Task What_two_of_three_have_is_not_said_to_be_recorded_and_its_repeat_completes_it()
    {
        List("d1", "d2", "d3");
        var isDown = true;
        _host.Grains.Signal = (key, _) => key == "t1/d3" && isDown
            ? throw new StorageUnavailableException("gone")
            : Task.FromResult(new SignalAnswer(isDown || key == "t1/d3", !isDown && key != "t1/d3", [], [], null));

        var first = await RecordAsync(Stop());
        isDown = false;
        var second = await RecordAsync(Stop());

        Assert.Equal((false, false), (first.Recorded, first.Duplicate));
        Assert.Equal("STORAGE_UNAVAILABLE", Told.Cause(first.Status).Reason);
        Assert.Equal((true, false), (second.Recorded, second.Duplicate));
        Assert.Equal(["d1", "d2", "d3"], second.DebtorIds);
    }

    [Fact]
    public async Task A_stop_from_an_address_that_nobody_lists_is_kept_and_talk_from_it_is_not()
    {
        var talk = Stop();
        talk.Inbound.Intent = V1.InboundIntent.Conversation;

        Assert.True((await RecordAsync(Stop())).Recorded);
        Assert.Single(_host.Room.Learned);
        Assert.Equal("ADDRESS_NOT_FOUND", Told.Cause((await RecordAsync(talk)).Status).Reason);
    }

    [Theory]
    [InlineData(V1.InboundIntent.Stop, AddressFactKind.Stopped)]
    [InlineData(V1.InboundIntent.Cease, AddressFactKind.Stopped)]
    [InlineData(V1.InboundIntent.WrongPerson, AddressFactKind.WrongPerson)]
    [InlineData(V1.InboundIntent.Unspecified, AddressFactKind.Reassigned)]
    public async Task What_ends_contact_at_an_address_is_learned_and_reaches_however_many_list_it(V1.InboundIntent intent, AddressFactKind learned)
    {
        string[] office = [.. Enumerable.Range(0, (3 * BorderLimits.DebtorsOfAddress) + 1).Select(static i => $"d{i}")];
        List(office);
        var signal = Stop();
        if (intent == V1.InboundIntent.Unspecified) signal.PointChange = new V1.PointChange { Status = V1.PointStatus.Reassigned };
        else signal.Inbound.Intent = intent;

        var result = await RecordAsync(signal);

        Assert.Null(result.Status);
        Assert.True(result.Recorded);
        Assert.Equal(office, result.DebtorIds);
        Assert.Equal((int)learned, Assert.Single(_host.Room.Learned).Kind);
        Assert.Equal(office.Length, _host.Grains.Calls.Count);
    }

    [Theory]
    [InlineData(V1.InboundIntent.Start)]
    [InlineData(V1.InboundIntent.Conversation)]
    public async Task An_address_of_too_many_debtors_says_nothing_else_about_any(V1.InboundIntent intent)
    {
        List([.. Enumerable.Range(0, BorderLimits.DebtorsOfAddress + 1).Select(static i => $"d{i}")]);
        var said = Stop();
        said.Inbound.Intent = intent;

        var result = await RecordAsync(said);
        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Debtors.LookupDebtorsAsync(new() { TenantId = Requests.Tenant, Address = Phone }, Told.Developer));

        Assert.Equal("ADDRESS_SHARED_TOO_WIDELY", Told.Cause(result.Status).Reason);
        Assert.Equal((StatusCode.FailedPrecondition, "ADDRESS_SHARED_TOO_WIDELY"), (code, cause.Reason));
        Assert.Empty(_host.Room.Learned);
        Assert.Empty(_host.Grains.Calls);
    }

    [Fact]
    public async Task Money_and_promises_need_their_debtor()
    {
        var signal = Stop();
        signal.HoldLifted = "hold-1";

        Assert.Equal("FIELD_INVALID", Told.Cause((await RecordAsync(signal)).Status).Reason);
    }

    [Fact]
    public async Task Debtors_are_looked_up_by_address_account_or_providers_contact()
    {
        List("d1", "d2");
        _host.Room.Links[(LinkKind.Account, "a1")] = [new DebtorKey(Requests.Tenant, "d3")];
        _host.Room.Links[(LinkKind.ProviderContact, "SM1")] = [new DebtorKey(Requests.Tenant, "d4")];

        Assert.Equal(["d1", "d2"], (await LookUpAsync(new() { Address = "+57 300 1234567" })).DebtorIds);
        Assert.Equal(["d3"], (await LookUpAsync(new() { AccountId = "a1" })).DebtorIds);
        Assert.Equal(["d4"], (await LookUpAsync(new() { ProviderContactId = "SM1" })).DebtorIds);
        Assert.Empty((await LookUpAsync(new() { Address = "+570000000000" })).DebtorIds);
        var (code, _, status) = await Told.RefusedAsync(async () => await LookUpAsync(new()));
        Assert.Equal(StatusCode.InvalidArgument, code);
        Assert.Equal(["key"], Told.Fields(status));
    }

    [Fact]
    public async Task No_address_stands_in_the_log()
    {
        List("d1");
        await RecordAsync(Stop());
        await LookUpAsync(new() { Address = Phone });
        Assert.DoesNotContain(_host.Log.Lines, static line => line.Contains("3001234567", StringComparison.Ordinal));
    }

    private async Task<V1.LookupDebtorsResponse> LookUpAsync(V1.LookupDebtorsRequest request)
    {
        request.TenantId = Requests.Tenant;
        return await _host.Debtors.LookupDebtorsAsync(request, Told.Developer);
    }
}
