using NodaTime;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Grains.Pauses;

/// <summary>Who stops what, until when, and why.</summary>
public sealed record PauseOrder(PauseScope Scope, Instant? End, bool Revokes, string Actor, string Reason);

/// <summary>Why a pause was refused.</summary>
public enum PauseRefusal { None = 0, NotFound = 1, TooMany = 2, Contended = 3 }

/// <summary>What became of an order.</summary>
public sealed record PauseAnswer(PauseRefusal Refusal, RecordedPause? Pause);

/// <summary>
/// Stops and starts scopes: one settings row, then the policy epoch, after which no lease and no confirmation commits that did not know of it. A
/// fault's pause is a hint to the queues: it fences nothing and ends by itself.
/// </summary>
/// <remarks>Threading: any; one change at a time here, and by the row's version between processes.</remarks>
public sealed class PauseBook(PauseBoard board, ISettingsStore settings, IEpochStore epochs, IRuleSource rules, TimeProvider clock) : IDisposable
{
    /// <summary>Pauses in force at a time; more are a mistake, and every turn looks through them.</summary>
    public const int Limit = 1_000;

    /// <summary>The name under which a gateway's report stops something.</summary>
    public const string Automatic = "system";

    /// <summary>A fault's pause is written again only where it ends this much later than known: a storm of reports writes few rows.</summary>
    private static readonly Duration WorthWriting = Duration.FromSeconds(10);

    private const int WriteTries = 3;

    private readonly SemaphoreSlim _oneChange = new(1, 1);

    public PauseBoard Board => board;

    /// <summary>In force when this returns: nothing new is leased or confirmed in the scope. The same order again changes nothing.</summary>
    public Task<PauseAnswer> StopAsync(PauseOrder order, CancellationToken cancellationToken) => ChangeAsync(
        PauseRows.IdOf(order.Scope, isByFault: false),
        (known, now) => known is not null && known.IsInForce(now) && IsSame(known, order)
            ? known
            : new RecordedPause(
                new Pause(PauseRows.IdOf(order.Scope, isByFault: false), order.Scope, known is not null && known.IsInForce(now) ? known.Pause.Start : now, order.End, order.Revokes),
                known?.Row ?? 0, IsEnded: false, IsByFault: false, 0, order.Actor, order.Reason, now),
        isFenced: true,
        cancellationToken);

    /// <summary>Ends a pause; what it held is released by demand. One that is over stays so.</summary>
    public Task<PauseAnswer> EndAsync(string id, string actor, string reason, CancellationToken cancellationToken) => ChangeAsync(
        id,
        (known, now) => known is null || !known.IsInForce(now) ? known : known with { IsEnded = true, Epoch = 0, Actor = actor, Reason = reason, ChangedAt = now },
        isFenced: false,
        cancellationToken);

    /// <summary>Stops what a gateway reported as out of order, until the time it named. Never shortens what stands.</summary>
    public async Task StopForFaultAsync(PauseScope scope, Instant end, string reason)
    {
        var id = PauseRows.IdOf(scope, isByFault: true);
        if (board.Current.All.Any(pause => pause.Id == id && pause.End + WorthWriting >= end)) return;
        await ChangeAsync(
            id,
            (known, now) => known is not null && known.IsInForce(now) && known.Pause.End + WorthWriting >= end
                ? known
                : new RecordedPause(
                    new Pause(id, scope, known is not null && known.IsInForce(now) ? known.Pause.Start : now, end, Revokes: false),
                    known?.Row ?? 0, IsEnded: false, IsByFault: true, 0, Automatic, reason, now),
            isFenced: false,
            CancellationToken.None);
    }

    /// <summary>Every version of a pause, newest first.</summary>
    public async Task<IReadOnlyList<RecordedPause>> HistoryAsync(string id, CancellationToken cancellationToken) =>
        [.. (await settings.ListSettingVersionsAsync(PauseRows.Prefix + id, cancellationToken)).Select(PauseRows.Read)];

    public void Dispose() => _oneChange.Dispose();

    private async Task<PauseAnswer> ChangeAsync(
        string id, Func<RecordedPause?, Instant, RecordedPause?> change, bool isFenced, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 0; tries < WriteTries; tries++)
            {
                var known = await settings.ReadSettingAsync(PauseRows.Prefix + id, cancellationToken) is { } row ? PauseRows.Read(row) : null;
                if (change(known, clock.Now()) is not { } next) return new PauseAnswer(PauseRefusal.NotFound, null);
                // What stands already may have been cut short before its epoch: that is made good before it is said to stand.
                if (ReferenceEquals(next, known)) return await SettledAsync(known, isFenced, isNew: false);
                if (!next.IsEnded && known?.IsInForce(clock.Now()) != true && board.InForce.Length >= Limit) return new PauseAnswer(PauseRefusal.TooMany, null);
                if (isFenced) next = next with { Epoch = (await epochs.ReadEpochsAsync(cancellationToken)).Policy + 1 };
                if (await settings.WriteSettingAsync(PauseRows.Write(next), cancellationToken) is { } version) return await SettledAsync(next with { Row = version }, isFenced, isNew: true);
            }

            return new PauseAnswer(PauseRefusal.Contended, null);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>This process knows first, then the epoch moves: whoever commits from then on has decided with it.</summary>
    private async Task<PauseAnswer> SettledAsync(RecordedPause pause, bool isFenced, bool isNew)
    {
        await board.RefreshAsync(CancellationToken.None);
        if (!isFenced) return new PauseAnswer(PauseRefusal.None, pause);
        // Another change may have taken the epoch that the row names: one of its own follows in any case.
        if (isNew) await epochs.AdvanceEpochAsync(EpochKind.Policy, CancellationToken.None);
        while ((await epochs.ReadEpochsAsync()).Policy < pause.Epoch) await epochs.AdvanceEpochAsync(EpochKind.Policy, CancellationToken.None);
        await rules.RefreshAsync(CancellationToken.None);
        return new PauseAnswer(PauseRefusal.None, pause);
    }

    private static bool IsSame(RecordedPause known, PauseOrder order) =>
        known.Pause.End == order.End && known.Pause.Revokes == order.Revokes && known.Actor == order.Actor && known.Reason == order.Reason;
}
