using System.Collections.Immutable;
using NodaTime;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;

namespace Scheduler.Grains.Rules;

/// <summary>Who changes the policy, why, and the key under which a repeat is known.</summary>
/// <param name="Tenant">Empty: every tenant without a list of its own.</param>
/// <param name="Digest">Over everything that the request asks for.</param>
public sealed record PolicyOrder(string Tenant, string Actor, string Reason, string RequestId, ImmutableArray<byte> Digest);

/// <summary>Why a change of the policy was refused.</summary>
public enum PolicyRefusal { None = 0, EtagMismatch = 1, KeyReused = 2, UnknownVersion = 3, DoesNotCompile = 4, NothingToRevert = 5, TooManyDates = 6 }

/// <summary>What became of a change.</summary>
/// <param name="Etag">Of the row that was changed, as it is after it; of a refused one, as it stands.</param>
public sealed record PolicyAnswer(PolicyRefusal Refusal, long Etag, long Epoch, ImmutableArray<PackProblem> Problems)
{
    public static PolicyAnswer Refused(PolicyRefusal why, long etag = 0, ImmutableArray<PackProblem> problems = default) =>
        new(why, etag, 0, problems.IsDefault ? [] : problems);
}

/// <summary>
/// Changes which packs are in force: one settings row, then the policy epoch, after which no lease commits by the former list; then this process's own
/// rules. A change whose epoch was lost with the process is finished at start.
/// </summary>
/// <remarks>Threading: any; one change at a time here, and by the row's version between processes.</remarks>
public sealed partial class PolicyBook(PackArchive archive, ISettingsStore settings, IEpochStore epochs, IRuleSource rules, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _oneChange = new(1, 1);

    /// <summary>A row of ours was written whose epoch is not known to have been reached.</summary>
    private bool _isCutShort;

    public PackArchive Archive => archive;

    /// <summary>The list that decides for a tenant, its own or everybody's.</summary>
    public async Task<PolicyList> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var own = await ReadOwnAsync(tenant, cancellationToken);
        return own.Row > 0 || tenant.Length == 0 ? own : (await ReadOwnAsync("", cancellationToken)) with { Row = 0 };
    }

    public async Task<ClosedDateList> ReadDatesAsync(string tenant, CancellationToken cancellationToken) =>
        await settings.ReadSettingAsync(PolicyRows.ClosedPrefix + PolicyRows.TenantOf(tenant), cancellationToken) is { } row ? PolicyRows.ReadDates(row) : ClosedDateList.None;

    /// <summary>Puts a list in force, now or from an instant on. What was scheduled before and has not come is given up.</summary>
    public async Task<PolicyAnswer> ActivateAsync(
        PolicyOrder order, ImmutableArray<string> versions, long expected, Instant? effectiveAt, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            if (await FindRepeatAsync(PolicyRows.ForcePrefix, order, PolicyRows.ReadList, static l => (l.RequestId, l.RequestDigest), cancellationToken) is { } known)
            {
                return known.IsSame ? await RepeatedAsync(known.Value.Row, known.Value.Epoch) : PolicyAnswer.Refused(PolicyRefusal.KeyReused);
            }

            var now = clock.Now();
            var own = await ReadOwnAsync(order.Tenant, cancellationToken);
            if (own.Row != expected) return PolicyAnswer.Refused(PolicyRefusal.EtagMismatch, own.Row);
            if (!await archive.FetchAsync(versions, cancellationToken)) return PolicyAnswer.Refused(PolicyRefusal.UnknownVersion, own.Row);
            if (!archive.Shelf.TryRead(versions, out _, out var problems)) return PolicyAnswer.Refused(PolicyRefusal.DoesNotCompile, own.Row, problems);
            var before = own.Row > 0 ? own : await ReadAsync(order.Tenant, cancellationToken) with { Row = 0, Configured = [] };
            var inForce = before.At(now);
            var isLater = effectiveAt > now;
            var after = before with
            {
                Versions = isLater ? inForce : versions,
                Former = isLater ? before.Former : inForce,
                Schedule = isLater ? new PolicySchedule(versions, effectiveAt!.Value, order.Actor, order.Reason) : null,
                Change = isLater ? PolicyChange.Scheduled : PolicyChange.Activated,
                RequestId = order.RequestId,
                RequestDigest = order.Digest,
            };
            return await ReplaceAsync(order, after, now, cancellationToken);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>Undoes the last change: what is scheduled and has not come is given up; else the former list is in force again.</summary>
    public async Task<PolicyAnswer> RevertAsync(PolicyOrder order, long expected, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            if (await FindRepeatAsync(PolicyRows.ForcePrefix, order, PolicyRows.ReadList, static l => (l.RequestId, l.RequestDigest), cancellationToken) is { } known)
            {
                return known.IsSame ? await RepeatedAsync(known.Value.Row, known.Value.Epoch) : PolicyAnswer.Refused(PolicyRefusal.KeyReused);
            }

            var now = clock.Now();
            var before = await ReadOwnAsync(order.Tenant, cancellationToken);
            if (before.Row != expected) return PolicyAnswer.Refused(PolicyRefusal.EtagMismatch, before.Row);
            var isPending = before.Schedule is { } schedule && schedule.EffectiveAt > now;
            var inForce = before.At(now);
            var former = before.Schedule is null ? before.Former : before.Versions;
            if (!isPending && former.IsEmpty) return PolicyAnswer.Refused(PolicyRefusal.NothingToRevert, before.Row);
            if (!isPending && !(await archive.FetchAsync(former, cancellationToken) && archive.Shelf.TryRead(former, out _, out _)))
            {
                return PolicyAnswer.Refused(PolicyRefusal.DoesNotCompile, before.Row);
            }

            var after = before with
            {
                Versions = isPending ? before.Versions : former,
                Former = isPending ? before.Former : inForce,
                Schedule = null,
                Change = PolicyChange.Reverted,
                RequestId = order.RequestId,
                RequestDigest = order.Digest,
            };
            return await ReplaceAsync(order, after, now, cancellationToken);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    public void Dispose() => _oneChange.Dispose();

    private async Task<PolicyList> ReadOwnAsync(string tenant, CancellationToken cancellationToken) =>
        await settings.ReadSettingAsync(PolicyRows.ForcePrefix + PolicyRows.TenantOf(tenant), cancellationToken) is { } row ? PolicyRows.ReadList(row) : PolicyList.None;

    private Task<PolicyAnswer> ReplaceAsync(PolicyOrder order, PolicyList after, Instant now, CancellationToken cancellationToken) => WriteAsync(
        PolicyRows.ForcePrefix, order, after.Row, epoch => PolicyRows.Write(after with { Epoch = epoch }, archive.BaseDigest, ZoneDataVersion), now, cancellationToken);

    private string ZoneDataVersion => PackLibrary.ZoneDataVersion;

    /// <summary>The row first, then the epoch: a process that dies in between leaves a row that says which epoch it wants.</summary>
    private async Task<PolicyAnswer> WriteAsync(
        string prefix, PolicyOrder order, long expected, Func<long, byte[]> value, Instant now, CancellationToken cancellationToken)
    {
        var epoch = (await epochs.ReadEpochsAsync(cancellationToken)).Policy + 1;
        var write = new SettingWrite(prefix + PolicyRows.TenantOf(order.Tenant), expected, value(epoch), order.Actor, order.Reason, now.ToUnixTimeMilliseconds());
        if (await settings.WriteSettingAsync(write, cancellationToken) is not { } version) return PolicyAnswer.Refused(PolicyRefusal.EtagMismatch);

        // From here on the change stands: it is brought to its end whether or not its caller still waits, now or by the upkeep.
        Volatile.Write(ref _isCutShort, true);
        var advanced = await epochs.AdvanceEpochAsync(EpochKind.Policy, CancellationToken.None);
        Volatile.Write(ref _isCutShort, false);
        await rules.RefreshAsync(CancellationToken.None);
        return new PolicyAnswer(PolicyRefusal.None, version, advanced.Policy, []);
    }

    /// <summary>A repeat finds its row; what the row wanted may have been lost with the answer, and is done before it is said to be.</summary>
    private async Task<PolicyAnswer> RepeatedAsync(long row, long epoch)
    {
        await HealAsync(CancellationToken.None);
        await rules.RefreshAsync(CancellationToken.None);
        return new PolicyAnswer(PolicyRefusal.None, row, epoch, []);
    }

    /// <summary>The version of a row that the same request wrote before.</summary>
    private async Task<(bool IsSame, T Value)?> FindRepeatAsync<T>(
        string prefix, PolicyOrder order, Func<SettingRow, T> read, Func<T, (string Id, ImmutableArray<byte> Digest)> request, CancellationToken cancellationToken)
    {
        if (order.RequestId.Length == 0) return null;
        foreach (var row in await settings.ListSettingVersionsAsync(prefix + PolicyRows.TenantOf(order.Tenant), cancellationToken))
        {
            var value = read(row);
            var (id, digest) = request(value);
            if (id == order.RequestId) return (digest.AsSpan().SequenceEqual(order.Digest.AsSpan()), value);
        }

        return null;
    }
}
