using Google.Protobuf;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Tests.Repairs;

/// <summary>A debtor whose turns fail three times in a row for a reason of its own is taken out of work; nobody else notices.</summary>
public sealed class QuarantineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_refusals_of_its_row_in_a_row_take_a_debtor_out_of_work_and_a_release_puts_it_back()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await world.EnterAsync(Entries.Reachable("d2"));
        await PoisonAsync(world, "d1", FaultLedger.Limit);

        var why = Assert.Single(await ListAsync(world));
        Assert.Equal((QuarantineReasons.RowRefused, FaultLedger.Limit, nameof(RowRefusedException)), (why.Reason, why.Faults, why.Fault));
        Assert.Equal(V1.DebtorState.Quarantined, (await world.StateAsync("d1")).State);
        Assert.Equal(["d2"], (await world.PullAsync(world.Order())).Select(static d => d.DebtorId));
        var tally = await world.Store.ReadTallyAsync(World.Tenant, Cancel);
        Assert.True(tally.IsConserved);
        Assert.Equal(1, tally.Refused);

        Assert.True((await world.Debtor("d1").ResolveQuarantine(new QuarantineOrder(true, "ops-1", "values repaired"))).Done);
        Assert.Empty(await ListAsync(world));
        Assert.Equal(["d1"], (await world.PullAsync(world.Order())).Select(static d => d.DebtorId));
    }

    [Fact]
    public async Task Three_decisions_in_a_row_that_throw_take_it_out_of_work()
    {
        var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var unreadable = new Submission(new byte[] { 0xFF, 0xFF }, "tests");
        for (var fault = 0; fault < FaultLedger.Limit; fault++) await Assert.ThrowsAnyAsync<Exception>(() => world.Debtor("d1").RecordSignal(unreadable));

        var why = Assert.Single(await ListAsync(world));
        Assert.Equal((QuarantineReasons.DeciderFault, FaultLedger.Limit, nameof(InvalidProtocolBufferException)), (why.Reason, why.Faults, why.Fault));
        await using var restarted = await world.RestartAsync();
        Assert.Equal(V1.DebtorState.Quarantined, (await restarted.StateAsync("d1")).State);
        Assert.True((await restarted.Debtor("d1").ResolveQuarantine(new QuarantineOrder(false, "ops-1", "looked at"))).Done);
        Assert.Equal(LeaseRefusal.NotPermitted, (await restarted.Debtor("d1").Lease(
            new LeaseRequest("wa-1", "i-1", "p", ContactChannel.Whatsapp, TimeSpan.FromMinutes(1), false, 2, DateTimeOffset.MaxValue))).Refusal);
    }

    [Fact]
    public async Task Two_faults_and_a_turn_that_goes_through_are_not_three_in_a_row()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        await PoisonAsync(world, "d1", FaultLedger.Limit - 1);
        Assert.True((await world.Debtor("d1").RecordSignal(Dispute("s-ok"))).Recorded);
        await PoisonAsync(world, "d1", FaultLedger.Limit - 1);
        Assert.Empty(await ListAsync(world));
    }

    [Fact]
    public async Task Storage_that_is_not_there_is_nobodys_own_fault()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        world.Store.BeforeWrite = static _ => throw new StorageUnavailableException("test");
        for (var fault = 0; fault < FaultLedger.Limit * 2; fault++)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => world.Debtor("d1").RecordSignal(Dispute("s1")));
        }

        world.Store.BeforeWrite = null;
        Assert.Empty(await ListAsync(world));
    }

    [Fact]
    public async Task A_live_lease_is_withdrawn_and_facts_are_taken_still()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var dispatch = Assert.Single(await world.PullAsync(world.Order()));
        await PoisonAsync(world, "d1", FaultLedger.Limit);

        var revoked = await world.Pulls.ListRevocationsAsync("wa-1", "i-1", [], Cancel);
        Assert.Equal((dispatch.DispatchId, RevokeReasons.Quarantined), (Assert.Single(revoked).DispatchId, revoked[0].Reason));
        Assert.Equal(FactFate.Recorded, (await world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()))).Fate);
        Assert.Equal(V1.DebtorState.Quarantined, (await world.StateAsync("d1")).State);
        Assert.Single(await ListAsync(world));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_leaves_the_due_index_and_comes_back_when_it_is_released()
    {
        var first = await World.StartAsync();
        await first.EnterAsync(Entries.Reachable("d1"));
        await first.EnterAsync(Entries.Reachable("d2"));
        var whole = await CorruptAsync(first, "d1");
        await using var world = await first.RestartAsync();
        for (var fault = 0; fault < FaultLedger.Limit + 2; fault++) await Assert.ThrowsAsync<DebtorUnreadableException>(() => world.Debtor("d1").GetState());

        Assert.Equal(QuarantineReasons.StateUnreadable, Assert.Single(await ListAsync(world)).Reason);
        Assert.Null((await world.Store.ReadAsync(Key("d1"), Cancel))!.DueAt);
        Assert.Equal(["d2"], (await world.PullAsync(world.Order())).Select(static d => d.DebtorId));
        Assert.True((await world.Store.ReadTallyAsync(World.Tenant, Cancel)).IsConserved);
        var rows = world.Get<UnreadableRows>();
        Assert.True(await rows.ResolveAsync(Key("d1"), isReleased: false, "ops-1", "looked at", Cancel));
        Assert.Single(await ListAsync(world));

        await WriteAsync(world, "d1", whole);
        Assert.True(await rows.ResolveAsync(Key("d1"), isReleased: true, "ops-1", "restored from the backup", Cancel));
        Assert.Empty(await ListAsync(world));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(async () => (await world.PullAsync(world.Order() with { Wait = TimeSpan.Zero })).Any(static d => d.DebtorId == "d1"));
        Assert.Equal(["released", "kept"], (await world.Store.Settings.ListSettingVersionsAsync("quarantine/acme/d1", Cancel)).Select(static row => System.Text.Encoding.UTF8.GetString(row.Value.Span)));
    }

    private static RowKey Key(string debtor) => new(World.Tenant, debtor);

    private static Submission Dispute(string id) => new(
        new V1.Signal
        {
            SignalId = id,
            OccurTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(World.TuesdayTen),
            HoldPlaced = new V1.Hold { HoldId = id, Kind = V1.HoldKind.Dispute },
        }.ToByteArray(),
        "tests");

    /// <summary>The database refuses what the next turns write, save the row that takes the debtor out of work.</summary>
    private static async Task PoisonAsync(World world, string debtor, int times)
    {
        var left = times;
        world.Store.BeforeWrite = write =>
        {
            if (write.Key.Debtor == debtor && left-- > 0) throw new RowRefusedException(WriteAnswerKind.Poisoned);
        };
        for (var fault = 0; fault < times; fault++) await Assert.ThrowsAsync<RowRefusedException>(() => world.Debtor(debtor).RecordSignal(Dispute($"poison-{left}-{fault}")));
        world.Store.BeforeWrite = null;
    }

    private static async Task<List<Quarantine>> ListAsync(World world) =>
        [.. (await world.Store.ListLinksAsync(World.Tenant, LinkKind.Quarantined, null, 10, Cancel)).Select(static link => StandingLinks.QuarantineOf(link.Key)!)];

    /// <summary>Bytes that are no state, in the place of the state; answers what stood there.</summary>
    private static async Task<ReadOnlyMemory<byte>> CorruptAsync(World world, string debtor)
    {
        var whole = (await world.Store.ReadAsync(Key(debtor), Cancel))!.State;
        await WriteAsync(world, debtor, new byte[] { 0xFF, 0xFF, 0xFF });
        return whole;
    }

    private static async Task WriteAsync(World world, string debtor, ReadOnlyMemory<byte> state)
    {
        var row = (await world.Store.ReadAsync(Key(debtor), Cancel))!;
        var tally = new DebtorTally(row.Phase, 0, 0, 0, 0, 0);
        var answer = await world.Store.WriteAsync(
            new DebtorWrite
            {
                Key = row.Key,
                ExpectedVersion = row.Version,
                WriteId = world.Get<WriteIds>().Next(),
                State = state,
                Lane = row.Lane,
                DueAt = row.DueAt,
                PrevEventSeq = row.LastEventSeq,
                TallyBefore = tally,
                Tally = tally,
            },
            Cancel);
        Assert.True(answer.IsCommitted);
    }
}
