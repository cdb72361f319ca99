using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Scheduler.Grains.Debtors;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;

namespace Scheduler.Services.Tests.Ingest;

public sealed class IngestServiceTests : IAsyncLifetime
{
    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_bad_entry_is_named_and_the_rest_goes_through()
    {
        var request = Requests.Enqueue("d1", "d2", "d3", "d4", "d5");
        request.Entries[1].Accounts[0].Balance = new Google.Type.Money { CurrencyCode = "COP", Units = -1 };
        request.Entries[2].Profile = new() { Locations = { new V1.LocationEvidence { ZoneId = "Mars/Olympus" } } };
        request.Entries[3].ContactPoints = new()
        {
            Points = { new V1.ContactPoint { PointId = "p", Kind = V1.PointKind.Mobile, Address = "12", Channels = { (V1.ContactChannel)99 } } },
        };

        var response = await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer);

        Assert.Equal([0, 1, 2, 3, 4], response.Results.Select(static r => r.EntryIndex));
        Assert.Equal(["d1", "d2", "d3", "d4", "d5"], response.Results.Select(static r => r.DebtorId));
        Assert.Equal(
            [V1.EntryState.Accepted, V1.EntryState.Rejected, V1.EntryState.Rejected, V1.EntryState.Rejected, V1.EntryState.Accepted],
            response.Results.Select(static r => r.State));
        Assert.Equal(["accounts[0].balance.units"], Told.Fields(response.Results[1].Status));
        Assert.Equal(["profile.locations[0].zone_id"], Told.Fields(response.Results[2].Status));
        Assert.Equal(["contact_points.points[0].channels[0]", "contact_points.points[0].address"], Told.Fields(response.Results[3].Status));
        Assert.Equal("FIELD_INVALID", Told.Cause(response.Results[1].Status).Reason);
        Assert.Equal(["d1", "d5"], _host.Room.Entries.Select(static e => e.Command.Key.Debtor));
        Assert.NotNull(response.Results[0].WakeTime);
    }

    [Fact]
    public async Task A_thousand_and_one_entries_are_too_many()
    {
        var request = Requests.Enqueue([.. Enumerable.Range(0, 1001).Select(static i => $"d{i}")]);

        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer));

        Assert.Equal(StatusCode.InvalidArgument, code);
        Assert.Equal("BATCH_TOO_LARGE", cause.Reason);
        Assert.Equal(("entries", "items", "1000", "1001"), (cause.Metadata["field"], cause.Metadata["unit"], cause.Metadata["limit"], cause.Metadata["given"]));
        Assert.Empty(_host.Room.Entries);
    }

    [Fact]
    public async Task No_entries_are_refused()
    {
        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(Requests.Enqueue(), Told.Developer));

        Assert.Equal((StatusCode.InvalidArgument, "BATCH_EMPTY"), (code, cause.Reason));
    }

    [Fact]
    public async Task A_missing_tenant_is_a_bad_field()
    {
        var request = Requests.Enqueue("d1");
        request.TenantId = "";

        var (code, _, status) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer));

        Assert.Equal(StatusCode.InvalidArgument, code);
        Assert.Equal(["tenant_id"], Told.Fields(status));
    }

    [Fact]
    public async Task More_than_three_mebibytes_are_too_large_and_more_than_four_are_not_read()
    {
        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(OfSize(3_500_000), Told.Developer));
        var unread = await Assert.ThrowsAsync<RpcException>(async () => await _host.Ingest.EnqueueAccountsAsync(OfSize(5 * 1024 * 1024), Told.Developer));

        Assert.Equal((StatusCode.InvalidArgument, "BATCH_TOO_LARGE", "bytes"), (code, cause.Reason, cause.Metadata["unit"]));
        Assert.Equal(StatusCode.ResourceExhausted, unread.StatusCode);
    }

    [Fact]
    public async Task A_reused_key_is_told_with_its_reason_and_field()
    {
        _host.Room.Enqueue = entries => [.. entries.Select(static _ =>
            new EntryAnswer(EntryOutcome.Rejected, null, new Fault("IDEMPOTENCY_KEY_REUSED", "Other content under the same version.", "source_version")))];

        var response = await _host.Ingest.EnqueueAccountsAsync(Requests.Enqueue("d1"), Told.Developer);

        var status = response.Results[0].Status;
        Assert.Equal((int)StatusCode.InvalidArgument, status.Code);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Told.Cause(status).Reason);
        Assert.Equal(["source_version"], Told.Fields(status));
    }

    [Fact]
    public async Task A_full_backlog_says_what_is_full_and_when_to_come_back()
    {
        _host.Room.Enqueue = static _ => null;

        var (code, cause, status) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(Requests.Enqueue("d1"), Told.Developer));

        Assert.Equal((StatusCode.ResourceExhausted, "BACKLOG_FULL"), (code, cause.Reason));
        Assert.Single(Told.All<QuotaFailure>(status));
        Assert.Single(Told.All<RetryInfo>(status));
    }

    [Fact]
    public async Task Storage_that_fails_is_each_entrys_own_answer()
    {
        _host.Room.Enqueue = static _ => throw new StorageUnavailableException("gone");
        var request = Requests.Enqueue("d1", "d2");
        request.Entries[0].DebtorId = "";

        var response = await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer);

        Assert.Equal("FIELD_INVALID", Told.Cause(response.Results[0].Status).Reason);
        Assert.Equal("STORAGE_UNAVAILABLE", Told.Cause(response.Results[1].Status).Reason);
        Assert.Single(Told.All<RetryInfo>(response.Results[1].Status));
    }

    [Fact]
    public async Task What_nobody_expected_is_internal_logged_once_and_not_told()
    {
        _host.Room.Enqueue = static _ => throw new InvalidOperationException("secret");

        var (code, cause, status) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(Requests.Enqueue("d1"), Told.Developer));

        Assert.Equal((StatusCode.Internal, "INTERNAL"), (code, cause.Reason));
        Assert.DoesNotContain("secret", status.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("5002 ", Assert.Single(_host.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_draining_nothing_new_is_taken_in()
    {
        await _host.Drain.BeginAsync();

        var (code, cause, _) = await Told.RefusedAsync(async () => await _host.Ingest.EnqueueAccountsAsync(Requests.Enqueue("d1"), Told.Developer));

        Assert.Equal((StatusCode.Unavailable, "DRAINING"), (code, cause.Reason));
    }

    [Fact]
    public async Task An_account_is_closed_for_every_party_of_it()
    {
        _host.Room.Links[(LinkKind.Account, "a1")] = [new DebtorKey(Requests.Tenant, "d1"), new DebtorKey(Requests.Tenant, "d2")];

        var response = await _host.Ingest.CloseAccountsAsync(
            new() { TenantId = Requests.Tenant, Closures = { Requests.Closure("a1"), Requests.Closure("unknown"), new V1.AccountClosure { AccountId = "a1" } } },
            Told.Developer);

        Assert.Equal(["t1/d1", "t1/d2"], _host.Grains.Calls.Select(static c => c.Key));
        Assert.Equal([true, false, false], response.Results.Select(static r => r.Ok));
        Assert.Equal("ACCOUNT_NOT_FOUND", Told.Cause(response.Results[1].Status).Reason);
        Assert.Equal(["reason", "close_time", "request_id"], Told.Fields(response.Results[2].Status));
    }

    [Fact]
    public async Task A_closure_that_all_had_before_is_a_duplicate()
    {
        _host.Room.Links[(LinkKind.Account, "a1")] = [new DebtorKey(Requests.Tenant, "d1"), new DebtorKey(Requests.Tenant, "d2")];
        var seen = new HashSet<string>(StringComparer.Ordinal) { "t1/d1" };
        _host.Grains.Item = (key, _) => Task.FromResult(new ItemAnswer(true, !seen.Add(key), null));
        V1.CloseAccountsRequest request = new() { TenantId = Requests.Tenant, Closures = { Requests.Closure("a1") } };

        var first = await _host.Ingest.CloseAccountsAsync(request, Told.Developer);
        var second = await _host.Ingest.CloseAccountsAsync(request, Told.Developer);

        Assert.Equal((true, false), (first.Results[0].Ok, first.Results[0].Duplicate));
        Assert.Equal((true, true), (second.Results[0].Ok, second.Results[0].Duplicate));
    }

    [Fact]
    public async Task History_goes_to_its_debtor()
    {
        var response = await _host.Ingest.UpsertContactHistoryAsync(
            new() { TenantId = Requests.Tenant, Contacts = { Requests.Contact("d7"), new V1.ExternalContact { DebtorId = "d8" } } }, Told.Developer);

        Assert.True(response.Results[0].Ok);
        Assert.Equal(["external_contact_id", "channel", "place_time"], Told.Fields(response.Results[1].Status));
        var (key, call, body) = Assert.Single(_host.Grains.Calls);
        Assert.Equal(("t1/d7", "seed of 1"), (key, call));
        Assert.Equal(Requests.Contact("d7"), V1.ExternalContact.Parser.ParseFrom(body.Span));
    }

    [Fact]
    public async Task History_of_one_debtor_goes_to_it_together_and_is_answered_in_the_order_of_the_request()
    {
        _host.Grains.Item = (key, contact) => Task.FromResult(V1.ExternalContact.Parser.ParseFrom(contact.Body.Span).ExternalContactId == "bad"
            ? new ItemAnswer(false, false, new Fault("DEBTOR_NOT_FOUND", "No such debtor."))
            : new ItemAnswer(true, key == "t1/d8", null));
        V1.ExternalContact Of(string debtor, string id) => new(Requests.Contact(debtor)) { ExternalContactId = id };

        var response = await _host.Ingest.UpsertContactHistoryAsync(
            new() { TenantId = Requests.Tenant, Contacts = { Of("d7", "x1"), Of("d8", "y1"), new V1.ExternalContact { DebtorId = "d7" }, Of("d7", "bad"), Of("d7", "x2") } }, Told.Developer);

        Assert.Equal([0, 1, 2, 3, 4], response.Results.Select(r => r.ItemIndex));
        Assert.Equal([(true, false), (true, true), (false, false), (false, false), (true, false)], response.Results.Select(r => (r.Ok, r.Duplicate)));
        Assert.Equal([null, null, 3, 5, null], response.Results.Select(r => r.Status?.Code));
        Assert.Equal(["x1", "bad", "x2"], _host.Grains.Calls.Where(c => c.Item1 == "t1/d7" && c.Item2 == "seed of 3").Select(c => V1.ExternalContact.Parser.ParseFrom(c.Item3.Span).ExternalContactId));
        Assert.Single(_host.Grains.Calls, c => c.Item2 == "seed of 1");
    }

    private static V1.EnqueueAccountsRequest OfSize(int bytes)
    {
        var request = Requests.Enqueue("d1");
        request.Entries[0].Accounts[0].Variables["text"] = new string('x', bytes);
        Assert.True(request.CalculateSize() > bytes);
        return request;
    }
}
