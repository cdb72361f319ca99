using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Rules;

/// <summary>How fast debtors are planned anew after a change of the rules.</summary>
/// <param name="PerSecond">Debtors looked at in a second; those to whom the change means nothing are not woken.</param>
public sealed record ReplanTerms(int PerSecond = ReplanTerms.DefaultPerSecond)
{
    public const int DefaultPerSecond = 2_000;
}

/// <summary>How far the replan for an epoch has come.</summary>
public sealed record ReplanProgress(long Epoch, long Examined, long Moved, long Revoked, bool IsDone);

/// <summary>
/// After a change of the rules, looks at every debtor: one whose wake was computed by the former rules gets another, a live lease that the new ones
/// forbid is withdrawn. Leases are fenced by the epoch, so nothing waits for this; it only brings forward what a wake would find out.
/// </summary>
/// <remarks>
/// Threading: one run at a time in a process; where two processes replan at once, the one whose mark comes second stops, and its next run goes on from
/// the other's mark. Failure: the place is kept in a settings row every <see cref="PagesPerMark"/> pages, so a restart repeats a few pages, which
/// changes nothing.
/// </remarks>
public sealed class Replanner(ISchedulerStore store, IGrainFactory grains, IRuleSource rules, TimeProvider clock, ContactCounters counters, ReplanTerms terms, KeyRing keys)
{
    /// <summary>Pages in a second.</summary>
    private const int PagesPerSecond = 10;

    private const int PagesPerMark = 50;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.0 / PagesPerSecond);

    public static async Task<ReplanProgress?> ReadProgressAsync(ISettingsStore settings, CancellationToken cancellationToken) =>
        await settings.ReadSettingAsync(PolicyRows.ReplanKey, cancellationToken) is { } row ? Progress(Stored.Replan.Parser.ParseFrom(row.Value.Span)) : null;

    /// <summary>
    /// Runs until every debtor was looked at under the current epoch, or until another process turns out to be doing so; at once over when that was
    /// done before.
    /// </summary>
    public async Task RunAsync(TimeProvider pace, CancellationToken cancellationToken)
    {
        var row = await store.Settings.ReadSettingAsync(PolicyRows.ReplanKey, cancellationToken);
        var at = row is null ? new Stored.Replan() : Stored.Replan.Parser.ParseFrom(row.Value.Span);
        var version = row?.Version ?? 0;
        for (var page = 1; ; page++)
        {
            var epoch = rules.ReplanEpoch;
            if (at.Epoch == epoch && at.Done) return;
            if (at.Epoch != epoch) at = new Stored.Replan { Epoch = epoch };
            var started = pace.GetTimestamp();
            await LookAtPageAsync(at, cancellationToken);
            if (at.Done || page % PagesPerMark == 0)
            {
                // A mark that another process has moved is its own: what it says is read by the next run.
                if (await MarkAsync(at, version, cancellationToken) is not { } marked) return;
                version = marked;
            }

            if (!at.Done && Pace - pace.GetElapsedTime(started) is { Ticks: > 0 } rest) await Task.Delay(rest, pace, cancellationToken);
        }
    }

    private async Task LookAtPageAsync(Stored.Replan at, CancellationToken cancellationToken)
    {
        var found = await store.Debtors.ScanAsync(at.Position.Length == 0 ? null : at.Position, Math.Max(1, terms.PerSecond / PagesPerSecond), cancellationToken);
        var now = clock.Now();
        foreach (var answer in await Task.WhenAll(found.Rows.Where(row => IsTouched(row, now)).Select(row => ReplanAsync(row.Key))))
        {
            if (answer is not { } done) continue;
            if (done.Moved) at.Moved++;
            if (done.Revoked) at.Revoked++;
        }

        counters.Add(CounterNames.Replanned, found.Rows.Count);
        at.Examined += found.Rows.Count;
        at.Position = found.Next ?? "";
        at.Done = found.Next is null;
    }

    /// <summary>Null: this one debtor cannot be read or written, which must not keep the rules from all that come after it. A store that is away keeps them all.</summary>
    private async Task<ReplanAnswer?> ReplanAsync(Storage.DebtorKey key)
    {
        try
        {
            return await grains.GetGrain<IDebtorGrain>(key.Text).Replan();
        }
        catch (OrleansException failure) when (failure is not (StorageUnavailableException or StorageOutcomeUnknownException))
        {
            counters.Add(CounterNames.ReplansFailed);
            return null;
        }
    }

    /// <summary>Decided on what is stored, without bringing the debtor to life: most debtors are nowhere near what has changed.</summary>
    private bool IsTouched(DebtorRow row, NodaTime.Instant now)
    {
        if (row.Phase >= (int)DebtorPhase.Finished) return false;
        try
        {
            var state = DebtorGrainStorage.Read(row, keys).State;
            // What other parties have had is not in the row.
            if (!state.SharedScopes.IsEmpty) return true;
            var decision = DebtorDecider.Replan(state, rules.For(row.Key.Tenant, now).Context, now);
            return decision.State is not null || !decision.Effects.IsEmpty;
        }
        catch (Exception failure) when (UnreadableRow.IsTold(failure))
        {
            counters.Add(CounterNames.ReplansFailed);
            return false;
        }
    }

    /// <summary>The mark's new version; null where it was moved meanwhile.</summary>
    private async Task<long?> MarkAsync(Stored.Replan at, long version, CancellationToken cancellationToken)
    {
        var write = new SettingWrite(
            PolicyRows.ReplanKey, version, Google.Protobuf.MessageExtensions.ToByteArray(at), PolicyRows.Configuration, "replan", clock.Now().ToUnixTimeMilliseconds());
        return await store.Settings.WriteSettingAsync(write, cancellationToken);
    }

    private static ReplanProgress Progress(Stored.Replan at) => new(at.Epoch, at.Examined, at.Moved, at.Revoked, at.Done);
}
