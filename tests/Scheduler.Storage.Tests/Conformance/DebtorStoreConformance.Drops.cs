using System.Text;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task A_checkpoint_stands_for_what_older_records_said_and_the_rows_stay()
    {
        await WriteTimesAsync("b", 1);
        var before = await WriteTimesAsync("a", 4);
        Assert.Equal(3, await DropAsync(before[2], "checkpoint 3"));
        await ReopenAsync();

        var log = await Store.Events.ReadEventsAsync(0, 10);
        Assert.Equal(["event 1", "", "", "checkpoint 3", "event 4"], log.Select(Payload));
        Assert.Equal(before.Select(Shell), log.Skip(1).Select(Shell));
        Assert.Equal(["event 4", "checkpoint 3", "", ""], (await Store.Events.ReadEventsBackAsync(Write.Key("a"), null, 10)).Select(Payload));
        Assert.Equal((log[^1].Seq, 5), (await Store.Events.ReadHeadAsync(), await Store.Events.CountAsync()));
    }

    [Fact]
    public async Task A_later_checkpoint_replaces_the_former_and_an_earlier_one_comes_too_late()
    {
        var rows = await WriteTimesAsync("a", 4);
        Assert.Equal(2, await DropAsync(rows[1], "checkpoint 2"));
        Assert.Equal(3, await DropAsync(rows[3], "checkpoint 4"));
        Assert.Equal(0, await DropAsync(rows[1], "checkpoint 2"));
        Assert.Equal(1, await DropAsync(rows[3], "checkpoint 4 again"));

        Assert.Equal(["", "", "", "checkpoint 4 again"], (await Store.Events.ReadEventsAsync(0, 10)).Select(Payload));
    }

    [Fact]
    public async Task Nothing_is_dropped_by_a_checkpoint_of_another_debtor_or_another_chain()
    {
        var rows = await WriteTimesAsync("a", 2);
        var right = new EventDrop(rows[1].Key, rows[1].Seq, rows[1].Chain, Write.Bytes("checkpoint"));

        Assert.Equal(0, await Store.Events.DropEventsAsync(right with { Key = Write.Key("b") }));
        Assert.Equal(0, await Store.Events.DropEventsAsync(right with { Chain = rows[0].Chain }));
        Assert.Equal(0, await Store.Events.DropEventsAsync(right with { UpToSeq = 99 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.Events.DropEventsAsync(right with { Checkpoint = default }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.Events.DropEventsAsync(right with { Checkpoint = new byte[StorageLimits.EventBytes + 1] }));
        Assert.Equal(["event 1", "event 2"], (await Store.Events.ReadEventsAsync(0, 10)).Select(Payload));
    }

    [Fact]
    public async Task A_debtor_is_written_on_after_a_drop_and_the_log_survives_a_crash()
    {
        var rows = await WriteTimesAsync("a", 2);
        await DropAsync(rows[1], "checkpoint 2");
        await CommitAsync(Write.Update("a", 2, rows[1].Seq));

        await using var recovered = await OpenAfterCrashAsync();
        Assert.Equal(["", "checkpoint 2", "event 3"], (await recovered.Events.ReadEventsAsync(0, 10)).Select(Payload));
    }

    private async Task<EventRow[]> WriteTimesAsync(string debtor, int count)
    {
        var seq = (await CommitAsync(Write.Create(debtor))).EventSeq;
        for (var version = 1; version < count; version++) seq = (await CommitAsync(Write.Update(debtor, version, seq))).EventSeq;
        return [.. (await Store.Events.ReadEventsBackAsync(Write.Key(debtor), null, count)).Reverse()];
    }

    private Task<int> DropAsync(EventRow upTo, string checkpoint) => Store.Events.DropEventsAsync(new EventDrop(upTo.Key, upTo.Seq, upTo.Chain, Write.Bytes(checkpoint)));

    private static string Payload(EventRow row) => Encoding.UTF8.GetString(row.Payload.Span);

    private static (long, long, DebtorKey, long, long, string) Shell(EventRow row) =>
        (row.Seq, row.PrevSeq, row.Key, row.Version, row.RecordedAt, Convert.ToHexString(row.Chain.Span));
}
