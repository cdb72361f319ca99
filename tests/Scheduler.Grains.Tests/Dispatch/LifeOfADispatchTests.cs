using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Dispatch;

public sealed class LifeOfADispatchTests
{
    [Fact]
    public async Task An_entered_debtor_is_woken_offered_leased_and_reported()
    {
        await using var world = await World.StartAsync();
        var answer = await world.EnterAsync(Entries.Reachable("d1"));
        Assert.Equal(EntryOutcome.Accepted, answer.Outcome);

        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        Assert.Equal("d1", dispatch.DebtorId);
        Assert.Equal("+573001234567", dispatch.Address);
        Assert.Equal(V1.DebtorState.Leased, (await world.StateAsync("d1")).State);

        var fact = await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        Assert.Equal(FactFate.Recorded, fact.Fate);
        var again = await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()));
        Assert.Equal(FactFate.Duplicate, again.Fate);
        Assert.Null((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task Two_gateways_never_hold_the_same_debtor()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 40; i++) await world.EnterAsync(Entries.Reachable("d" + i));

        var pulled = await Task.WhenAll(
            world.PullAsync(world.Order("wa-1")), world.PullAsync(world.Order("wa-2")), world.PullAsync(world.Order("wa-3")), world.PullAsync(world.Order("wa-4")));
        var debtors = pulled.SelectMany(static p => p).Select(static d => d.DebtorId).ToList();
        for (var rest = await world.PullAsync(world.Order()); rest.Length > 0 && debtors.Count < 40; rest = await world.PullAsync(world.Order()))
        {
            debtors.AddRange(rest.Select(static d => d.DebtorId));
        }

        Assert.Equal(40, debtors.Count);
        Assert.Equal(40, debtors.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Consent_withdrawn_between_offer_and_lease_is_not_dispatched()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var offered = await world.StateAsync("d1");
        var withdrawal = Entries.Withdrawal("s1", world.Time.GetUtcNow());
        var answer = await world.Debtor("d1").RecordSignal(new Submission(withdrawal.ToByteArray(), "tests"));
        Assert.True(answer.Recorded);

        var lease = await world.Debtor("d1").Lease(new LeaseRequest(
            "wa-1", "i-1", "p-1", Domain.Debtors.ContactChannel.Whatsapp, TimeSpan.FromMinutes(2), ConfirmRequired: false, offered.StateVersion, DateTimeOffset.MaxValue));
        Assert.Equal(LeaseRefusal.NotPermitted, lease.Refusal);
        Assert.True(lease.Dispatch.IsEmpty);
    }

    [Fact]
    public async Task Consent_withdrawn_after_the_lease_revokes_it_and_its_gateway_is_told()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));

        var answer = await world.Debtor("d1").RecordSignal(new Submission(Entries.Withdrawal("s1", world.Time.GetUtcNow()).ToByteArray(), "tests"));
        Assert.Equal([dispatch.DispatchId], answer.Revoked.Concat(answer.Unstoppable));

        var withdrawn = await world.Pulls.ListRevocationsAsync("wa-1", "", [], TestContext.Current.CancellationToken);
        Assert.Equal(dispatch.DispatchId, Assert.Single(withdrawn).DispatchId);
        Assert.Empty((await world.Pulls.ListLeasesAsync("wa-1", "", [], 100, "", TestContext.Current.CancellationToken)).Dispatches);
    }

    [Fact]
    public async Task A_lease_that_ends_in_silence_lapses_by_itself()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        Assert.Single(await world.PullAsync(world.Order()));

        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        await Eventually.HoldsAsync(async () => (await world.StateAsync("d1")).Lease is null);
        Assert.NotEmpty((await world.StateAsync("d1")).UnsettledContacts);
    }

    [Fact]
    public async Task An_outcome_after_the_lease_counts_and_changes_no_lease()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        await Eventually.HoldsAsync(async () => (await world.StateAsync("d1")).Lease is null);

        var late = await world.ReportAsync(Entries.Placed(dispatch, World.TuesdayTen.AddSeconds(30)));
        Assert.True(late.Fate is FactFate.RecordedStale or FactFate.Recorded);
    }

    [Fact]
    public async Task A_stale_token_changes_no_lease()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        var forged = Protocol.Mapping.DispatchMap.Token(999).Memory;

        var released = await world.Debtor("d1").Release(new LeaseReturn(new LeaseClaim("wa-1", dispatch.DispatchId, forged), 1));
        Assert.False(released.Done);
        Assert.Equal("STALE_TOKEN", released.Fault?.Reason);
        Assert.NotNull((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task Another_gateway_changes_no_lease()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order("wa-1")));
        var claim = new LeaseClaim("wa-2", dispatch.DispatchId, dispatch.LeaseToken.Memory);

        var faults = new[]
        {
            (await world.Debtor("d1").Confirm(claim)).Fault,
            (await world.Debtor("d1").Extend(new LeaseExtension(claim, TimeSpan.FromMinutes(1)))).Fault,
            (await world.Debtor("d1").Release(new LeaseReturn(claim, 1))).Fault,
            (await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()), "wa-2")).Fault,
        };

        Assert.All(faults, static fault => Assert.Equal("STALE_TOKEN", fault?.Reason));
        Assert.NotNull((await world.StateAsync("d1")).Lease);
    }

    [Fact]
    public async Task A_receipt_by_the_providers_id_finds_its_contact()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow(), "wamid-7"));

        var found = await world.Store.FindLinksAsync(World.Tenant, Storage.LinkKind.ProviderContact, "wamid-7", TestContext.Current.CancellationToken);
        Assert.Equal("d1", Assert.Single(found).Debtor);
        var receipt = new V1.Receipt
        {
            TenantId = World.Tenant,
            ProviderContactId = "wamid-7",
            Kind = V1.ReceiptKind.Delivered,
            OccurTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()),
        };
        var answer = await world.Debtor("d1").ReportReceipt(new FactReport(receipt.ToByteArray(), "wa-1", "tests"));
        Assert.Equal(FactFate.Recorded, answer.Fate);
    }
}
