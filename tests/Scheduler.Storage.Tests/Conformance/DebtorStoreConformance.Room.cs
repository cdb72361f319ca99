using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    /// <summary>More than what is free in the pages that a new database has.</summary>
    private const int MoreThanFits = 200;

    [Fact]
    public async Task A_full_disk_refuses_as_not_applied_and_the_same_writes_succeed_once_there_is_room()
    {
        await CommitAsync(Write.Create("before"));
        await SetFullAsync(isFull: true);
        var writes = Enumerable.Range(0, MoreThanFits).Select(static i => Write.Create($"d{i}") with { State = new byte[StorageLimits.StateBytes] }).ToList();
        var answers = await Task.WhenAll(writes.Select(WasAcknowledgedAsync));
        Assert.Contains(false, answers);

        // Readers are served, and see what was acknowledged and nothing else.
        Assert.NotNull(await Store.Debtors.ReadAsync(Write.Key("before")));
        for (var i = 0; i < writes.Count; i++) Assert.Equal(answers[i], await Store.Debtors.ReadAsync(writes[i].Key) is not null);
        Assert.Equal(1 + answers.Count(static done => done), await Store.Events.CountAsync());

        await SetFullAsync(isFull: false);
        for (var i = 0; i < writes.Count; i++)
        {
            if (!answers[i]) await CommitAsync(writes[i]);
        }

        await ReopenAsync();
        Assert.Equal(1 + MoreThanFits, await Store.Events.CountAsync());
        Assert.Equal(1 + MoreThanFits, (await Store.Events.ReadEventsAsync(0, 1_000)).Count);
        Assert.Equal(1 + MoreThanFits, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
        foreach (var write in writes) Assert.Equal(write.WriteId, (await Store.Debtors.ReadAsync(write.Key))!.WriteId);
    }

    [Fact]
    public async Task A_read_only_database_refuses_every_kind_of_write_as_not_applied_and_is_read_meanwhile()
    {
        var before = await CommitAsync(Write.Create("a"));
        await SetReadOnlyAsync(isReadOnly: true);
        var update = Write.Update("a", 1, before.EventSeq);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.Debtors.WriteAsync(Write.Create("b")).AsTask());
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.Debtors.WriteAsync(update).AsTask());
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.Settings.WriteSettingAsync(new SettingWrite("k", 0, Write.Bytes("v"), "olga", "", 1)));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Store.Epochs.AdvanceEpochAsync(EpochKind.Policy));
        Assert.Equal(1, (await Store.Debtors.ReadAsync(Write.Key("a")))!.Version);
        Assert.Null(await Store.Debtors.ReadAsync(Write.Key("b")));
        Assert.Single(await Store.Events.ReadEventsAsync(0, 10));

        await SetReadOnlyAsync(isReadOnly: false);
        await CommitAsync(update);
        Assert.Equal(2, await Store.Events.CountAsync());
    }

    private async Task<bool> WasAcknowledgedAsync(DebtorWrite write)
    {
        try
        {
            return (await Store.Debtors.WriteAsync(write)).IsCommitted;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }
}
