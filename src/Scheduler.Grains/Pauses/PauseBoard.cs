using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Grains.Pauses;

/// <summary>The pauses as this process knows them.</summary>
/// <remarks>
/// Threading: any; swapped whole. It is read again before the rules of a new epoch are taken on, so whoever decides by an epoch knows every pause
/// that the epoch stands for.
/// </remarks>
public sealed class PauseBoard(ISettingsStore settings, TimeProvider clock)
{
    private Notice _notice = new([], PauseSet.None);

    public PauseSet Current => Volatile.Read(ref _notice).Set;

    /// <summary>Those in force now, the newest change first.</summary>
    public ImmutableArray<RecordedPause> InForce => Volatile.Read(ref _notice).Rows.RemoveAll(row => !row.IsInForce(clock.Now()));

    /// <summary>The last policy epoch for which debtors are to be looked at because leases are withdrawn; 0: none.</summary>
    public long RevokingEpoch => Volatile.Read(ref _notice).Rows.Where(static row => row.Pause.Revokes).Select(static row => row.Epoch).DefaultIfEmpty().Max();

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var rows = (await settings.ListSettingsAsync(PauseRows.Prefix, cancellationToken)).Select(PauseRows.Read).OrderByDescending(static row => row.ChangedAt).ToImmutableArray();
        var standing = rows.Where(row => row.IsInForce(now)).Select(static row => row.Pause).ToImmutableArray();
        Volatile.Write(ref _notice, new Notice(rows, standing.IsEmpty ? PauseSet.None : new PauseSet(standing)));
    }

    /// <summary>Rules that know what is stopped.</summary>
    public RulesInForce Over(RulesInForce rules)
    {
        var pauses = Current;
        return pauses.IsEmpty ? rules : rules with { Context = rules.Context with { Pauses = pauses } };
    }

    private sealed record Notice(ImmutableArray<RecordedPause> Rows, PauseSet Set);
}
