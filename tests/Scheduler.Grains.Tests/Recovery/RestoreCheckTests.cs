using System.Collections.Immutable;
using Scheduler.Grains.Recovery;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Host.Recovery;

namespace Scheduler.Grains.Tests.Recovery;

/// <summary>How a restored database is told from one that was only stopped.</summary>
public sealed class RestoreCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scheduler-mark-").FullName;

    private RecoveryMarkFile File => new(Path.Combine(_folder, "keys", "recovery.mark"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_new_database_is_named_and_open_and_stays_so_when_it_grows()
    {
        await using var world = await World.StartWithPolicyAsync();
        var (name, first) = await CheckAsync(world);
        await MarkAsync(world, name);
        await world.EnterAsync(Entries.Reachable("d1"));

        var (again, second) = await CheckAsync(world);

        Assert.Equal((name, false, false), (again, first.IsOpen, second.IsOpen));
    }

    [Theory]
    [InlineData(0, false, RecoveryCause.Unknown)]
    [InlineData(1, false, RecoveryCause.LogEndsEarly)]
    [InlineData(0, true, RecoveryCause.LogDiffers)]
    public async Task A_log_that_ends_before_its_mark_or_says_something_else_there_was_restored(int ahead, bool otherChain, RecoveryCause cause)
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var (name, _) = await CheckAsync(world);
        var mark = await MarkAsync(world, name);
        await File.WriteAsync(mark with { Cursor = mark.Cursor + ahead, Chain = otherChain ? "00" : mark.Chain }, Cancel);

        var (_, state) = await CheckAsync(world);

        Assert.Equal((cause != RecoveryCause.Unknown, cause), (state.IsOpen, state.Cause));
        Assert.Equal(state.IsOpen, (await world.PullAsync(world.Order() with { Wait = TimeSpan.FromSeconds(state.IsOpen ? 0 : 5) })).IsEmpty);
    }

    [Fact]
    public async Task A_mark_that_is_gone_or_anothers_closes_leasing_too()
    {
        await using var world = await World.StartWithPolicyAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var (name, _) = await CheckAsync(world);
        var mark = await MarkAsync(world, name);
        await File.WriteAsync(mark with { Database = "another" }, Cancel);
        Assert.Equal(RecoveryCause.OtherDatabase, (await CheckAsync(world)).State.Cause);

        await world.Get<RecoveryBook>().EndAsync(RecoveryEnd.Resent, "ops-1", "moved, nothing lost", Cancel);
        System.IO.File.Delete(File.Path);
        Assert.Equal(RecoveryCause.MarkMissing, (await CheckAsync(world)).State.Cause);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_read_stops_the_start()
    {
        await using var world = await World.StartWithPolicyAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(File.Path)!);
        await System.IO.File.WriteAllTextAsync(File.Path, "{", Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => CheckAsync(world));
    }

    private Task<(string Database, RecoveryState State)> CheckAsync(World world) => RestoreCheck.RunAsync(world.Store, world.Get<RecoveryBook>(), File, world.Time);

    private async Task<RecoveryMark> MarkAsync(World world, string name)
    {
        var head = await world.Store.Events.ReadHeadAsync(Cancel);
        var last = head == 0 ? ImmutableArray<byte>.Empty : [.. (await world.Store.Events.ReadEventsAsync(head - 1, 1, Cancel))[0].Chain.Span];
        var mark = new RecoveryMark(name, head, Convert.ToHexString(last.AsSpan()), world.Time.GetUtcNow());
        await File.WriteAsync(mark, Cancel);
        return mark;
    }
}
