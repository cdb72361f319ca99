using Grpc.Core;
using Scheduler.Protocol.Events;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Every write is made twice: the second time it changes nothing and says so.</summary>
public sealed class WholeServiceTests : IAsyncLifetime
{
    private WholeHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_entry_is_checked_stored_unchanged_and_then_refused_with_other_content()
    {
        var request = Enqueue("d1");
        request.ValidateOnly = true;
        Assert.Equal(V1.EntryState.Accepted, (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results[0].State);
        var (code, _, _) = await Told.RefusedAsync(async () => await GetAsync("d1"));
        Assert.Equal(StatusCode.NotFound, code);

        request.ValidateOnly = false;
        var first = (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results[0];
        var second = (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results[0];
        request.Entries[0].Accounts[0].Balance.Units++;
        var third = (await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer)).Results[0];

        Assert.Equal((V1.EntryState.Accepted, V1.EntryState.Unchanged, V1.EntryState.Rejected), (first.State, second.State, third.State));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Told.Cause(third.Status).Reason);
        var debtor = await GetAsync("d1");
        Assert.Equal("***567", debtor.ContactPoints[0].Address);
        Assert.Equal("***", debtor.Accounts[0].Variables["first_name"]);
        Assert.Equal(250_000, debtor.Accounts[0].Balance.Units);
    }

    [Fact]
    public async Task Entries_of_one_debtor_in_one_batch_are_applied_in_order()
    {
        var request = Enqueue("d1", "d2", "d1");
        request.Entries[2].SourceVersion = 2;
        request.Entries[2].Accounts[0].Balance.Units = 7;

        var response = await _host.Ingest.EnqueueAccountsAsync(request, Told.Developer);

        Assert.All(response.Results, static r => Assert.Equal(V1.EntryState.Accepted, r.State));
        Assert.Equal(7, (await GetAsync("d1")).Accounts[0].Balance.Units);
    }

    [Fact]
    public async Task A_dispatch_is_pulled_replayed_extended_reported_and_settled()
    {
        await EnterAsync("d1");
        var pulled = await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer);
        var replayed = await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer);
        var dispatch = Assert.Single(pulled.Dispatches);
        Assert.Equal("+573001234567", dispatch.Address);
        Assert.Equal(["OPT_OUT"], dispatch.Content.RequiredNotices);
        Assert.Equal(V1.VerdictKind.Permit, dispatch.Verdict.Kind);
        Assert.Equal(dispatch.DispatchId, Assert.Single(replayed.Dispatches).DispatchId);
        Assert.Equal(dispatch.DispatchId, Assert.Single(await ListAsync()).DispatchId);

        V1.ExtendLeasesRequest extension = new() { Gateway = WholeHost.Gateway, Leases = { WholeHost.LeaseOf(dispatch) }, LeaseDuration = new() { Seconds = 600 } };
        Assert.True((await _host.Dispatches.ExtendLeasesAsync(extension, Told.Developer)).Results[0].Ok);
        Assert.True((await _host.Dispatches.ExtendLeasesAsync(extension, Told.Developer)).Results[0].Ok);

        V1.ReportOutcomesRequest outcome = new() { Gateway = WholeHost.Gateway, Outcomes = { Placed(dispatch, "wamid.1") } };
        Assert.Equal(V1.FactState.Recorded, (await _host.Dispatches.ReportOutcomesAsync(outcome, Told.Developer)).Results[0].State);
        Assert.Equal(V1.FactState.Duplicate, (await _host.Dispatches.ReportOutcomesAsync(outcome, Told.Developer)).Results[0].State);

        V1.ReportReceiptsRequest receipt = new()
        {
            Gateway = WholeHost.Gateway,
            Receipts = { new V1.Receipt { TenantId = WholeHost.Tenant, ProviderContactId = "wamid.1", Kind = V1.ReceiptKind.Delivered, OccurTime = WholeHost.At(0) } },
        };
        Assert.Equal(V1.FactState.Recorded, (await _host.Dispatches.ReportReceiptsAsync(receipt, Told.Developer)).Results[0].State);
        Assert.Equal(V1.FactState.Duplicate, (await _host.Dispatches.ReportReceiptsAsync(receipt, Told.Developer)).Results[0].State);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_lease_that_must_be_confirmed_is_confirmed_once_or_given_back()
    {
        await EnterAsync("d1", "d2");
        var pull = WholeHost.Pull("p1");
        pull.ConfirmBeforePlacing = true;
        var pulled = new List<V1.Dispatch>((await _host.Dispatches.PullDispatchesAsync(pull, Told.Developer)).Dispatches);
        for (var more = 2; pulled.Count < 2; more++)
        {
            pull.PullId = $"p{more}";
            pulled.AddRange((await _host.Dispatches.PullDispatchesAsync(pull, Told.Developer)).Dispatches);
        }

        V1.ConfirmDispatchesRequest confirm = new() { Gateway = WholeHost.Gateway, Leases = { WholeHost.LeaseOf(pulled[0]) } };
        Assert.True((await _host.Dispatches.ConfirmDispatchesAsync(confirm, Told.Developer)).Confirmations[0].Go);
        Assert.True((await _host.Dispatches.ConfirmDispatchesAsync(confirm, Told.Developer)).Confirmations[0].Go);
        V1.ReleaseLeasesRequest release = new()
        {
            Gateway = WholeHost.Gateway,
            Leases = { WholeHost.LeaseOf(pulled[1]), WholeHost.LeaseOf(pulled[0]) },
            Reason = V1.NotPlacedReason.NoCapacity,
        };
        var released = (await _host.Dispatches.ReleaseLeasesAsync(release, Told.Developer)).Results;

        Assert.True(released[0].Ok);
        Assert.Equal("LEASE_CONFIRMED", Told.Cause(released[1].Status).Reason);
        Assert.True((await _host.Dispatches.ReleaseLeasesAsync(release, Told.Developer)).Results[0].Ok);
    }

    [Fact]
    public async Task A_withdrawn_consent_takes_the_lease_back_and_the_watching_gateway_is_told()
    {
        await EnterAsync("d1");
        var dispatch = Assert.Single((await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer)).Dispatches);
        using var watch = _host.Dispatches.WatchRevocations(new() { Gateway = WholeHost.Gateway }, Told.Developer);
        Assert.True(await watch.ResponseStream.MoveNext(default));
        V1.RecordSignalsRequest signal = new()
        {
            TenantId = WholeHost.Tenant,
            Signals =
            {
                new V1.Signal
                {
                    SignalId = "s1", AccountId = "account-of-d1", OccurTime = WholeHost.At(0),
                    Consent = WholeHost.Consent("w1", V1.ConsentKind.Withdrawn, WholeHost.At(0)),
                },
            },
        };

        var first = (await _host.Debtors.RecordSignalsAsync(signal, Told.Developer)).Results[0];
        var second = (await _host.Debtors.RecordSignalsAsync(signal, Told.Developer)).Results[0];
        signal.Signals[0].Consent.Method = "letter";
        var third = (await _host.Debtors.RecordSignalsAsync(signal, Told.Developer)).Results[0];

        Assert.Equal((true, false), (first.Recorded, first.Duplicate));
        Assert.Equal(["d1"], first.DebtorIds);
        Assert.Equal([dispatch.DispatchId], first.RevokedDispatchIds.Concat(first.UnstoppableDispatchIds));
        Assert.Equal((false, true), (second.Recorded, second.Duplicate));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", Told.Cause(third.Status).Reason);
        while (watch.ResponseStream.Current.Revocations.Count == 0) Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(dispatch.DispatchId, watch.ResponseStream.Current.Revocations[0].DispatchId);
    }

    [Fact]
    public async Task A_contact_made_elsewhere_counts_once_and_a_closed_account_ends_the_debtor()
    {
        await EnterAsync("d1");
        V1.UpsertContactHistoryRequest history = new()
        {
            TenantId = WholeHost.Tenant,
            Contacts =
            {
                new V1.ExternalContact
                {
                    ExternalContactId = "x1", DebtorId = "d1", Channel = V1.ContactChannel.Call, CreditorId = "bank", PlaceTime = WholeHost.At(-60),
                },
            },
        };
        Assert.False((await _host.Ingest.UpsertContactHistoryAsync(history, Told.Developer)).Results[0].Duplicate);
        Assert.True((await _host.Ingest.UpsertContactHistoryAsync(history, Told.Developer)).Results[0].Duplicate);

        V1.CloseAccountsRequest closing = new()
        {
            TenantId = WholeHost.Tenant,
            Closures = { new V1.AccountClosure { AccountId = "account-of-d1", Reason = V1.CloseReason.Paid, CloseTime = WholeHost.At(0), RequestId = "c1" } },
        };
        var first = (await _host.Ingest.CloseAccountsAsync(closing, Told.Developer)).Results[0];
        var second = (await _host.Ingest.CloseAccountsAsync(closing, Told.Developer)).Results[0];

        Assert.Equal((true, false), (first.Ok, first.Duplicate));
        Assert.Equal((true, true), (second.Ok, second.Duplicate));
        Assert.Equal(V1.DebtorState.Finished, (await GetAsync("d1")).State);
    }

    [Fact]
    public async Task What_is_permitted_is_explained_per_channel_now_and_at_another_hour()
    {
        await EnterAsync("d1");
        V1.ExplainDebtorRequest request = new()
        {
            TenantId = WholeHost.Tenant,
            DebtorId = "d1",
            Channels = { V1.ContactChannel.Whatsapp },
            Purpose = V1.ContactPurpose.Collection,
        };
        var now = await _host.Debtors.ExplainDebtorAsync(request, Told.Developer);
        request.AtTime = WholeHost.At(12 * 60);
        var atNight = await _host.Debtors.ExplainDebtorAsync(request, Told.Developer);

        Assert.Equal(V1.VerdictKind.Permit, now.Explanations.Single().Verdict.Kind);
        Assert.NotEmpty(now.AppliedPacks);
        Assert.Equal("America/Bogota", now.Zones[0].ZoneId);
        Assert.Equal(V1.VerdictKind.Defer, atNight.Explanations.Single().Verdict.Kind);
        Assert.True(atNight.Explanations.Single().Verdict.NextTime.Seconds > request.AtTime.Seconds);
        Assert.NotEmpty(atNight.Explanations.Single().RuleResults);
    }

    [Fact]
    public async Task The_timeline_the_feed_and_the_counts_tell_the_same_story()
    {
        await EnterAsync("d1", "d2");
        await _host.Dispatches.PullDispatchesAsync(WholeHost.Pull("p1"), Told.Developer);

        var timeline = await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "d1", PageSize = 500 }, Told.Developer);
        using var feed = _host.Operations.StreamEvents(new() { TenantId = WholeHost.Tenant }, Told.Developer);
        var records = new List<V1.EventRecord>();
        while (await feed.ResponseStream.MoveNext(default)) records.AddRange(feed.ResponseStream.Current.Records);
        var counts = await _host.Operations.GetStatisticsAsync(new() { TenantId = WholeHost.Tenant }, Told.Developer);

        var told = timeline.Entries.Select(static e => e.EventType).Reverse();
        var fed = records.Where(static r => r.DebtorId == "d1").SelectMany(static r => EventCodec.Decode(r.Batch.Span).Events).Select(static e => e.Type);
        Assert.Equal(fed, told);
        Assert.Equal(Enumerable.Range(1, timeline.Entries.Count).Select(static i => (long)i).Reverse(), timeline.Entries.Select(static e => e.Sequence));
        Assert.Contains("entry.applied", told);
        Assert.Equal((2, 0), (counts.AccountsInCount, counts.ConservationDifference));
        Assert.Equal(2, counts.DebtorsByState.Values.Sum());
    }

    [Fact]
    public async Task What_may_be_left_out_may_be_left_out()
    {
        V1.EnqueueAccountsRequest bare = new()
        {
            TenantId = WholeHost.Tenant,
            Entries =
            {
                new V1.DebtorEntry { DebtorId = "d1", SourceVersion = 1, Accounts = { new V1.Account { AccountId = "a1", CreditorId = "b", PartyRole = V1.PartyRole.Principal } } },
                new V1.DebtorEntry { DebtorId = "d2", SourceVersion = 1 },
            },
        };
        var entered = await _host.Ingest.EnqueueAccountsAsync(bare, Told.Developer);
        Assert.All(entered.Results, static r => Assert.Equal(V1.EntryState.Accepted, r.State));

        V1.RecordSignalsRequest request = new() { TenantId = WholeHost.Tenant };
        Add(s => s.Payment = new() { PaymentId = "p", AccountId = "a1", Amount = new() { CurrencyCode = "COP", Units = 1 } });
        Add(s => s.Promise = new() { PromiseId = "p", DueDate = new() { Year = 2026, Month = 3, Day = 9 } });
        Add(s => s.Consent = new() { ConsentId = "c", Kind = V1.ConsentKind.Granted, GivenTime = WholeHost.At(-1) });
        Add(s => s.Inbound = new());
        Add(s => s.InformationRequest = new());
        Add(s => s.CallbackRequest = new() { EarliestTime = WholeHost.At(60), LatestTime = WholeHost.At(120) });
        Add(s => s.ExternalContact = new() { ExternalContactId = "x", Channel = V1.ContactChannel.Call, PlaceTime = WholeHost.At(-5) });
        Add(s => s.HoldPlaced = new() { HoldId = "h", Kind = V1.HoldKind.Operator });
        Add(s => s.HoldLifted = "h");
        Add(s => s.PointChange = new() { PointId = "nowhere", Status = V1.PointStatus.WrongPerson });
        var response = await _host.Debtors.RecordSignalsAsync(request, Told.Developer);

        Assert.Equal(Enumerable.Repeat(true, 9).Append(false), response.Results.Select(static r => r.Recorded));
        Assert.Equal("UNKNOWN_POINT", Told.Cause(response.Results[^1].Status).Reason);
        Assert.Equal("a1", (await GetAsync("d1")).Accounts[0].AccountId);
        Assert.NotEmpty((await _host.Debtors.ListTimelineAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "d1" }, Told.Developer)).Entries);
        await _host.Debtors.ExplainDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = "d2" }, Told.Developer);

        void Add(Action<V1.Signal> fact)
        {
            var signal = new V1.Signal { SignalId = $"s{request.Signals.Count}", DebtorId = "d1", OccurTime = WholeHost.At(-1) };
            fact(signal);
            request.Signals.Add(signal);
        }
    }

    private static V1.EnqueueAccountsRequest Enqueue(params string[] debtors) =>
        new() { TenantId = WholeHost.Tenant, Entries = { debtors.Select(WholeHost.Reachable) } };

    private static V1.Outcome Placed(V1.Dispatch dispatch, string providerId) => new()
    {
        Lease = WholeHost.LeaseOf(dispatch),
        Placed = new V1.Placed
        {
            PlaceTime = WholeHost.At(0),
            ProviderContactId = providerId,
            Disposition = V1.Disposition.Accepted,
            ReceiptsExpected = true,
            Facts = new V1.ContactFacts { Placed = true },
        },
    };

    private async Task EnterAsync(params string[] debtors)
    {
        var response = await _host.Ingest.EnqueueAccountsAsync(Enqueue(debtors), Told.Developer);
        Assert.All(response.Results, static r => Assert.Equal(V1.EntryState.Accepted, r.State));
    }

    private async Task<V1.Debtor> GetAsync(string debtor) =>
        (await _host.Debtors.GetDebtorAsync(new() { TenantId = WholeHost.Tenant, DebtorId = debtor }, Told.Developer)).Debtor;

    private async Task<IReadOnlyList<V1.Dispatch>> ListAsync() =>
        (await _host.Dispatches.ListLeasesAsync(new() { GatewayId = WholeHost.Gateway.GatewayId }, Told.Developer)).Dispatches;
}
