using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks;

/// <summary>The rules that a debtor's decisions stood on, with their sources: of packs, overlays and closed dates, whoever wrote them.</summary>
public static class RuleCitations
{
    /// <summary>Versions of the packs that a decision names; none where the event is no decision.</summary>
    public static ImmutableArray<string> PackVersionsOf(DebtorEvent one) => one switch
    {
        DebtorEvent.Leased e => e.Proof.PackVersions,
        DebtorEvent.LeaseConfirmed e => e.Proof.PackVersions,
        DebtorEvent.LeaseDenied e => e.Proof?.PackVersions ?? [],
        DebtorEvent.ContactRefused e => e.Proof?.PackVersions ?? [],
        _ => [],
    };

    /// <summary>Every rule of the packs that leases name by version, and the rules that refused.</summary>
    /// <param name="find">A pack by its version; null: not at hand.</param>
    /// <param name="events">What was recorded of the debtor.</param>
    public static ImmutableArray<RuleCitation> Of(Func<string, RulePack?> find, IEnumerable<DebtorEvent> events)
    {
        var packs = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        var refusing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in events)
        {
            var isGrant = one is DebtorEvent.Leased or DebtorEvent.LeaseConfirmed;
            foreach (var version in PackVersionsOf(one)) packs[version] = isGrant || packs.GetValueOrDefault(version);
            switch (one)
            {
                case DebtorEvent.LeaseDenied e: Add(refusing, e.RuleId, e.Proof); break;
                case DebtorEvent.ContactRefused e: Add(refusing, e.RuleId, e.Proof); break;
                case DebtorEvent.StepPassed e: refusing.Add(e.RuleId); break;
            }
        }

        var cited = ImmutableArray.CreateBuilder<RuleCitation>();
        foreach (var (version, isWhole) in packs) Cite(find(version), rule => isWhole || refusing.Contains(rule));

        // A step that was passed over, and refusals of former releases, name a rule and no pack.
        var known = cited.Select(static one => one.RuleId).ToHashSet(StringComparer.Ordinal);
        foreach (var shipped in PackLibrary.Shipped.Packs) Cite(shipped.Pack, rule => refusing.Contains(rule) && !known.Contains(rule));
        return cited.ToImmutable();

        void Cite(RulePack? pack, Func<string, bool> isCited) =>
            cited.AddRange((pack?.Rules ?? []).Where(rule => isCited(rule.Id)).Select(rule => new RuleCitation(rule.Id, pack!.Version, rule.SourceKind, rule.Source)));
    }

    private static void Add(HashSet<string> rules, string decided, RefusalProof? proof)
    {
        rules.Add(decided);
        if (proof is not null) rules.UnionWith(proof.Rules.Select(static rule => rule.RuleId));
    }
}
