using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Grains.Recovery;

/// <summary>
/// Begins and ends recoveries: one settings row, then the recovery epoch, after which no lease commits that was decided by the former row; then this
/// process's own rules.
/// </summary>
/// <remarks>Threading: any; one change at a time here, and by the row's version between processes. Failure: repeat it; a repeat finishes what was cut off.</remarks>
public sealed class RecoveryBook(ISettingsStore settings, IEpochStore epochs, IEventLog log, IRuleSource rules, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _oneChange = new(1, 1);

    public async Task<RecoveryState> ReadAsync(CancellationToken cancellationToken) =>
        RecoveryState.Read(await settings.ReadSettingAsync(RecoveryState.Key, cancellationToken));

    /// <summary>Nothing is leased from the answer on. While one is open, another only moves its start back.</summary>
    /// <param name="start">Since when writes may be lost; null: since the last record of the log.</param>
    public async Task<RecoveryState> BeginAsync(
        RecoveryCause cause, Instant? start, long markedCursor, string actor, string reason, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            var before = await ReadAsync(cancellationToken);
            var now = clock.Now();
            var head = await log.ReadHeadAsync(cancellationToken);
            var since = Instant.Min(start ?? await LastWriteAsync(head, now, cancellationToken), now);
            if (before.IsOpen && since >= before.Start) return await FinishAsync(before, cancellationToken);
            var after = before with
            {
                IsOpen = true,
                Cause = before.IsOpen ? before.Cause : cause,
                BegunAt = before.IsOpen ? before.BegunAt : now,
                Start = since,
                LastCursor = before.IsOpen ? before.LastCursor : head,
                MarkedCursor = before.IsOpen ? before.MarkedCursor : markedCursor,
                Ended = RecoveryEnd.Unknown,
            };
            return await ReplaceAsync(before, after, actor, reason, now, cancellationToken);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>Leasing goes on. A declared gap counts from the next decision of each debtor on. Where none is open, nothing changes.</summary>
    public async Task<RecoveryState> EndAsync(RecoveryEnd how, string actor, string reason, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            var before = await ReadAsync(cancellationToken);
            if (!before.IsOpen) return await FinishAsync(before, cancellationToken);
            var now = clock.Now();
            var gaps = how == RecoveryEnd.GapDeclared
                ? before.Gaps.Add(new RecoveryGap((before.Gaps.IsEmpty ? 0 : before.Gaps[^1].Number) + 1, before.Start, now))
                : before.Gaps;
            return await ReplaceAsync(before, before with { IsOpen = false, Ended = how, Gaps = gaps }, actor, reason, now, cancellationToken);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    public void Dispose() => _oneChange.Dispose();

    private async Task<RecoveryState> ReplaceAsync(
        RecoveryState before, RecoveryState after, string actor, string reason, Instant now, CancellationToken cancellationToken)
    {
        var next = after with { Epoch = (await epochs.ReadEpochsAsync(cancellationToken)).Recovery + 1 };
        var write = new SettingWrite(RecoveryState.Key, before.Row, next.Write(), actor, reason, now.ToUnixTimeMilliseconds());
        if (await settings.WriteSettingAsync(write, cancellationToken) is null) throw new StorageUnavailableException("The recovery is being changed elsewhere; repeat it.");
        return await FinishAsync(await ReadAsync(cancellationToken), cancellationToken);
    }

    /// <summary>The row stands: no lease by the former one commits once the epoch that it wants is reached.</summary>
    private async Task<RecoveryState> FinishAsync(RecoveryState state, CancellationToken cancellationToken)
    {
        while ((await epochs.ReadEpochsAsync(cancellationToken)).Recovery < state.Epoch) await epochs.AdvanceEpochAsync(EpochKind.Recovery, cancellationToken);
        await rules.RefreshAsync(cancellationToken);
        return state;
    }

    private async Task<Instant> LastWriteAsync(long head, Instant now, CancellationToken cancellationToken)
    {
        if (head == 0) return now;
        var last = await log.ReadEventsAsync(head - 1, 1, cancellationToken);
        return last.Count == 0 ? now : Instant.FromUnixTimeMilliseconds(last[0].RecordedAt);
    }
}
