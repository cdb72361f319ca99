using System.Collections.Immutable;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;

namespace Scheduler.Grains.Rules;

/// <content>What needs nobody's order: start, configuration, schedules.</content>
public sealed partial class PolicyBook
{
    /// <summary>
    /// Registers this release's packs, finishes a change that a crash cut short, and applies what the configuration or the release asks for where
    /// that is not what it asked for before.
    /// </summary>
    /// <param name="modes">By family the pack to take; families not named take their default.</param>
    /// <exception cref="PackFormatException">The configured packs cannot be read.</exception>
    /// <exception cref="ArgumentException">A mode that the release does not hold.</exception>
    public async Task StartAsync(IReadOnlyDictionary<string, string> modes, CancellationToken cancellationToken = default)
    {
        var now = clock.Now();
        await archive.RegisterShippedAsync(now.ToUnixTimeMilliseconds(), cancellationToken);
        await HealAsync(cancellationToken);
        var configured = ConfiguredBy(modes);
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.ForcePrefix, cancellationToken))
        {
            var tenant = row.Key[PolicyRows.ForcePrefix.Length..];
            if (tenant != PolicyRows.Everybody) await FollowReleaseAsync(tenant, PolicyRows.ReadList(row), cancellationToken);
        }

        var list = await ReadOwnAsync("", cancellationToken);
        var isOld = list.Row > 0 && list.Configured.AsSpan().SequenceEqual(configured.AsSpan());
        if (!isOld)
        {
            var versions = list.Row == 0 ? configured : Merge(list.Versions, list.Configured, configured);
            await ConfigureAsync("", list with { Versions = versions, Former = list.Versions, Configured = configured }, cancellationToken);
        }

        await rules.RefreshAsync(cancellationToken);
    }

    /// <summary>What was scheduled and has come is written down as being in force. It has decided since its instant; this makes it the list.</summary>
    /// <remarks>Asked many times a second, so it reads rows only when the rules held here say that something has come.</remarks>
    /// <returns>True when something came.</returns>
    public async Task<bool> ApplyDueAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isCutShort)) await HealAsync(cancellationToken);
        if (!rules.IsScheduleDue(clock.Now())) return false;
        var came = false;
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.ForcePrefix, cancellationToken))
        {
            if (PolicyRows.ReadList(row).Schedule is not { } schedule || schedule.EffectiveAt > clock.Now()) continue;
            var tenant = row.Key[PolicyRows.ForcePrefix.Length..];
            await _oneChange.WaitAsync(cancellationToken);
            try
            {
                var order = new PolicyOrder(tenant == PolicyRows.Everybody ? "" : tenant, schedule.Actor, schedule.Reason, "", []);
                var before = await ReadOwnAsync(order.Tenant, cancellationToken);
                if (before.Row != row.Version) continue;
                var after = before with { Versions = schedule.Versions, Former = before.Versions, Schedule = null, Change = PolicyChange.TookEffect, RequestId = "", RequestDigest = [] };
                came |= (await ReplaceAsync(order, after, clock.Now(), cancellationToken)).Refusal == PolicyRefusal.None;
            }
            finally
            {
                _oneChange.Release();
            }
        }

        return came;
    }

    /// <summary>A row whose epoch was never reached: the process died between the two writes. Its list decides; the epoch makes every process read it.</summary>
    private async Task HealAsync(CancellationToken cancellationToken)
    {
        var wanted = 0L;
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.ForcePrefix, cancellationToken)) wanted = Math.Max(wanted, PolicyRows.ReadList(row).Epoch);
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.ClosedPrefix, cancellationToken)) wanted = Math.Max(wanted, PolicyRows.ReadDates(row).Epoch);
        while ((await epochs.ReadEpochsAsync(cancellationToken)).Policy < wanted) await epochs.AdvanceEpochAsync(EpochKind.Policy, cancellationToken);
        Volatile.Write(ref _isCutShort, false);
    }

    /// <summary>A tenant's own list goes along with a release: what it took from the former one it takes from this one, mode by mode.</summary>
    private async Task FollowReleaseAsync(string tenant, PolicyList list, CancellationToken cancellationToken)
    {
        await archive.FetchAsync(list.Versions, cancellationToken);
        var versions = Merge(list.Versions, [], []);
        if (!versions.AsSpan().SequenceEqual(list.Versions.AsSpan())) await ConfigureAsync(tenant, list with { Versions = versions, Former = list.Versions }, cancellationToken);
    }

    private async Task ConfigureAsync(string tenant, PolicyList list, CancellationToken cancellationToken)
    {
        await archive.FetchAsync(list.Versions, cancellationToken);
        if (!archive.Shelf.TryRead(list.Versions, out _, out var problems)) throw new PackFormatException(problems);
        var order = new PolicyOrder(tenant, PolicyRows.Configuration, list.Row == 0 ? "first start" : "the configuration or the release has changed", "", []);
        var epoch = (await epochs.ReadEpochsAsync(cancellationToken)).Policy + 1;
        var after = list with { Epoch = epoch, Change = PolicyChange.Configured, RequestId = "", RequestDigest = [] };
        var value = PolicyRows.Write(after, archive.BaseDigest, PackLibrary.ZoneDataVersion);
        var write = new SettingWrite(PolicyRows.ForcePrefix + PolicyRows.TenantOf(tenant), list.Row, value, order.Actor, order.Reason, clock.Now().ToUnixTimeMilliseconds());
        await settings.WriteSettingAsync(write, cancellationToken);
        await epochs.AdvanceEpochAsync(EpochKind.Policy, cancellationToken);
    }

    /// <summary>One shipped pack of each family, as the configuration chooses.</summary>
    private ImmutableArray<string> ConfiguredBy(IReadOnlyDictionary<string, string> modes)
    {
        var packs = PackLibrary.Shipped.Choose(modes);
        return [.. packs.Select(static pack => pack.Version)];
    }

    /// <summary>
    /// A list under a new release or configuration: a family that is configured otherwise than before takes what is configured; a pack of a former
    /// release gives way to the same pack of this one; what was uploaded, or added, or left out by a person stays so.
    /// </summary>
    private ImmutableArray<string> Merge(ImmutableArray<string> list, ImmutableArray<string> before, ImmutableArray<string> configured)
    {
        var merged = new List<string>();
        foreach (var version in list)
        {
            var family = FamilyOf(version);
            var now = configured.FirstOrDefault(one => FamilyOf(one) == family);
            var isReconfigured = before.FirstOrDefault(one => FamilyOf(one) == family) is { } former && now is not null && PackEdition.IdOf(former) != PackEdition.IdOf(now);
            if (archive.Shelf.Find(version) is not { } edition || edition.Overlays.Contains(version)) merged.Add(version);
            else if (isReconfigured) merged.Add(now!);
            else merged.Add(edition.IsShipped ? Successor(version) : version);
        }

        // Families that are new to the configuration; one that a person left out stays out.
        merged.AddRange(configured.Where(one => !before.Any(former => FamilyOf(former) == FamilyOf(one)) && !list.Any(known => FamilyOf(known) == FamilyOf(one))));
        return [.. merged.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The same pack in this release; itself where the release no longer has it.</summary>
    private string Successor(string version) =>
        archive.Shelf.Shipped.SelectMany(static edition => edition.Versions).FirstOrDefault(shipped => PackEdition.IdOf(shipped) == PackEdition.IdOf(version)) ?? version;

    private static string FamilyOf(string version) => PackEdition.IdOf(version).Split('.')[0];
}
