using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks;

/// <summary>The rules that a debtor's decisions stood on, with their sources.</summary>
public static class RuleCitations
{
    /// <summary>Every rule of the packs that leases name by version, and the rules that refused.</summary>
    public static ImmutableArray<RuleCitation> Of(PackLibrary library, IEnumerable<DebtorEvent> events)
    {
        var packs = new HashSet<string>(StringComparer.Ordinal);
        var rules = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in events)
        {
            switch (one)
            {
                case DebtorEvent.Leased e: packs.UnionWith(e.Proof.PackVersions); break;
                case DebtorEvent.LeaseConfirmed e: packs.UnionWith(e.Proof.PackVersions); break;
                case DebtorEvent.LeaseDenied e: Add(rules, e.RuleId, e.Proof); break;
                case DebtorEvent.ContactRefused e: Add(rules, e.RuleId, e.Proof); break;
                case DebtorEvent.StepPassed e: rules.Add(e.RuleId); break;
            }
        }

        return
        [
            .. from shipped in library.Packs
               from rule in shipped.Pack.Rules
               where packs.Contains(shipped.Pack.Version) || rules.Contains(rule.Id)
               select new RuleCitation(rule.Id, shipped.Pack.Version, rule.SourceKind, rule.Source),
        ];
    }

    private static void Add(HashSet<string> rules, string decided, RefusalProof? proof)
    {
        rules.Add(decided);
        if (proof is not null) rules.UnionWith(proof.Rules.Select(static rule => rule.RuleId));
    }
}
