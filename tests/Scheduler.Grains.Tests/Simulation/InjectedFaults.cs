using System.Collections.Concurrent;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// What goes wrong with storage in one run. Each fault is drawn from the seed, the place and how often that place was passed, so that threads do not
/// change it: a write fails before or after its commit, meets another's, is read behind its time; a pull's keys are lost; the process dies.
/// </summary>
internal sealed class InjectedFaults(int seed)
{
    /// <summary>Of so many.</summary>
    private const int Draws = DebtorKey.SliceCount;

    private readonly ConcurrentDictionary<string, int> _passed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DebtorKey, DebtorRow> _former = new();
    private int _writesToLive = int.MaxValue;
    private volatile bool _isDead;
    private int _rivals;

    /// <summary>A guard of the store that is taken away on purpose.</summary>
    public BrokenGuard Broken { get; init; }

    /// <summary>The process dies before or after one of its next writes: nothing of it reaches the store any more.</summary>
    public void DieWithin(int writes) => Volatile.Write(ref _writesToLive, writes);

    public void Arm(FaultyStore store)
    {
        _isDead = false;
        _writesToLive = int.MaxValue;
        store.Writing = (write, commit) => WriteAsync(store.Inner, write, commit);
        store.ReadingOne = Read;
        store.AddingPull = AddPullAsync;
        store.BeforeLook = () => Fail("look", 20);
        store.BeforeLane = () => Fail("lane", 10);
        store.BeforeAdvance = () => Fail("advance", 100);
    }

    public static void Disarm(FaultyStore store)
    {
        (store.Writing, store.ReadingOne, store.AddingPull) = (null, null, null);
        (store.BeforeLook, store.BeforeLane, store.BeforeAdvance) = (null, null, null);
    }

    private async ValueTask<WriteAnswer> WriteAsync(ISchedulerStore inner, DebtorWrite write, Func<DebtorWrite, ValueTask<WriteAnswer>> commit)
    {
        FailIfDead();
        var draw = Draw($"write {write.Key.Text} {write.ExpectedVersion}");
        if (Interlocked.Decrement(ref _writesToLive) == 0)
        {
            _isDead = true;
            if (draw % 2 == 0) await commit(write);
            throw new StorageOutcomeUnknownException("The process died.");
        }

        if (draw < 60) throw new StorageUnavailableException("simulated");
        if (draw < 90) throw new StorageOutcomeUnknownException("simulated: not applied");
        if (await inner.Debtors.ReadAsync(write.Key) is { } former)
        {
            _former[write.Key] = former;
            if (draw < 120) await RivalAsync(former, commit);
        }

        var answer = await CommitAsync(inner, write, commit, draw);
        return draw is >= 120 and < 180 ? throw new StorageOutcomeUnknownException("simulated: applied") : answer;
    }

    private async ValueTask<WriteAnswer> CommitAsync(ISchedulerStore inner, DebtorWrite write, Func<DebtorWrite, ValueTask<WriteAnswer>> commit, int draw)
    {
        switch (Broken)
        {
            case BrokenGuard.Commits when draw > Draws - 40 && write.ExpectedVersion > 0:
                return new WriteAnswer(WriteAnswerKind.Committed, write.ExpectedVersion + 1, write.PrevEventSeq);
            case BrokenGuard.Versions when await inner.Debtors.ReadAsync(write.Key) is { } row:
                return await commit(write with { ExpectedVersion = row.Version, PrevEventSeq = row.LastEventSeq });
            case BrokenGuard.Events when draw > Draws - 40:
                return await commit(write with { Event = null });
            default:
                return await commit(write);
        }
    }

    /// <summary>Another activation of the debtor writes first.</summary>
    private async Task RivalAsync(DebtorRow row, Func<DebtorWrite, ValueTask<WriteAnswer>> commit)
    {
        var tally = new DebtorTally(row.Phase, 0, 0, 0, 0, 0);
        await commit(new DebtorWrite
        {
            Key = row.Key,
            ExpectedVersion = row.Version,
            WriteId = new Guid(Interlocked.Increment(ref _rivals), 1, 2, new byte[8]),
            Lane = row.Lane,
            DueAt = row.DueAt,
            State = row.State,
            PrevEventSeq = row.LastEventSeq,
            TallyBefore = tally,
            Tally = tally,
        });
    }

    /// <summary>Sometimes not at all, sometimes as it was before: there may be two activations for a while, and one of them is behind.</summary>
    private DebtorRow? Read(DebtorKey key, DebtorRow? row)
    {
        FailIfDead();
        var draw = Draw($"read {key.Text}");
        if (draw < 20) throw new StorageUnavailableException("simulated");
        return draw < 60 && _former.TryGetValue(key, out var former) ? former : row;
    }

    private async ValueTask<PullAnswer> AddPullAsync(PullRow pull, Func<ValueTask<PullAnswer>> add)
    {
        FailIfDead();
        var draw = Draw($"pull {pull.Gateway} {pull.PullId}");
        if (draw < 50) throw new StorageUnavailableException("simulated");
        var answer = await add();
        return draw < 100 ? throw new StorageOutcomeUnknownException("simulated: applied") : answer;
    }

    private void Fail(string place, int below)
    {
        FailIfDead();
        if (Draw(place) < below) throw new StorageUnavailableException("simulated");
    }

    private void FailIfDead()
    {
        if (_isDead) throw new StorageUnavailableException("The process is dead.");
    }

    private int Draw(string place) => new DebtorKey("fault", $"{seed} {place} {_passed.AddOrUpdate(place, 0, static (_, count) => count + 1)}").Slice;
}

/// <summary>What a store must do and, in runs that are to fail, does not.</summary>
public enum BrokenGuard
{
    None = 0,

    /// <summary>Any version is overwritten.</summary>
    Versions = 1,

    /// <summary>Some writes are answered and never made.</summary>
    Commits = 2,

    /// <summary>Some writes leave out their events.</summary>
    Events = 3,
}
