using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Protocol.Reports;

/// <summary>One decision about a contact in words: what was decided, what it stood on, by which packs.</summary>
internal sealed record EvidenceDecision(string Sentence, string StoodOn, string Packs)
{
    /// <summary>Null for an event that decides nothing about a contact.</summary>
    public static EvidenceDecision? Of(DebtorEvent source, IReadOnlyDictionary<string, RuleCitation> rules) => source switch
    {
        DebtorEvent.Leased e => new EvidenceDecision(OfLease(e.Lease), StoodOnProof(e.Proof), string.Join(", ", e.Proof.PackVersions)),
        DebtorEvent.LeaseConfirmed e => new EvidenceDecision(
            $"Dispatch {e.Dispatch} was judged again just before placing, and permitted: to be placed before {EvidencePage.Of(e.NotAfter)}.",
            StoodOnProof(e.Proof), string.Join(", ", e.Proof.PackVersions)),
        DebtorEvent.LeaseDenied e => new EvidenceDecision(
            $"Dispatch {e.Dispatch} was judged again just before placing, and refused: {Refusal(e.RuleId, e.Until)}", StoodOnRefusal(e.Proof, e.RuleId, rules), PacksOf(e.Proof, e.RuleId, rules)),
        DebtorEvent.ContactRefused e => new EvidenceDecision(
            $"The debtor was not contacted by {Word(e.Channel)} about account {e.Account}: {Refusal(e.RuleId, e.Until)}", StoodOnRefusal(e.Proof, e.RuleId, rules), PacksOf(e.Proof, e.RuleId, rules)),
        DebtorEvent.LeaseRevoked e => new EvidenceDecision(
            $"Dispatch {e.Dispatch} was withdrawn: {Named(e.Reason)}.{(e.Unstoppable ? " The gateway had said before that it was placing it." : "")}", "", ""),
        DebtorEvent.StepPassed { RuleId.Length: > 0 } e => new EvidenceDecision(
            $"Step {e.StepId} about account {e.Account} was not done: {EvidenceSections.Word(e.Passing.ToString())}, kept closed by {Named(e.RuleId)}.", Source(e.RuleId, rules), Pack(e.RuleId, rules)),
        _ => null,
    };

    private static string OfLease(Lease lease)
    {
        var delivery = lease.DeliverBefore is { } end ? $", received before {EvidencePage.Of(end)}" : "";
        var counted = lease.IsCounted ? "" : " An exception says that it does not count.";
        return $"Contact by {Word(lease.Channel)} at point {lease.Point} about {string.Join(", ", lease.Accounts)} ({EvidenceSections.Word(lease.Purpose.ToString())}) was permitted and handed to {lease.GatewayId} "
            + $"as dispatch {lease.Dispatch}, to be placed before {EvidencePage.Of(lease.NotAfter)}{delivery}. Planned by step {lease.StepId} of {lease.StrategyVersion}.{counted}";
    }

    private static string StoodOnProof(LeaseProof proof) => string.Create(
        CultureInfo.InvariantCulture,
        $"{LocalTimes(proof.Zones)} {proof.ContactCount} earlier contacts could be counted (digest {proof.ContactsDigest:x16}). {RuleWords.Permitting(proof.Rules, proof.RuleCount)}{Made(proof.PolicyEpoch, proof.ZoneDataVersion, proof.InputsDigest)}");

    /// <summary>The source of the rule that decided comes first; a record of before proofs were kept has no more.</summary>
    private static string StoodOnRefusal(RefusalProof? proof, string rule, IReadOnlyDictionary<string, RuleCitation> rules)
    {
        var source = Source(rule, rules);
        return proof is null ? source : $"{source}. {LocalTimes(proof.Zones)} {RuleWords.Refusing(proof.Rules, proof.RuleCount)}{Made(proof.PolicyEpoch, proof.ZoneDataVersion, proof.InputsDigest)}";
    }

    private static string LocalTimes(ImmutableArray<ZoneTime> zones) => $"Local time {(zones.IsEmpty ? "no zone known" : string.Join("; ", zones.Select(EvidenceSections.At)))}.";

    private static string Made(long epoch, string zoneData, ulong inputs) => string.Create(
        CultureInfo.InvariantCulture, $"Rules of epoch {epoch}, zone data {zoneData}{(inputs == 0 ? "" : $", inputs {inputs:x16}")}.");

    private static string PacksOf(RefusalProof? proof, string rule, IReadOnlyDictionary<string, RuleCitation> rules) =>
        proof is null ? Pack(rule, rules) : string.Join(", ", proof.PackVersions);

    private static string Refusal(string rule, Instant? until) => until is { } next
        ? $"deferred to {EvidencePage.Of(next)} by {Named(rule)}."
        : $"forbidden by {Named(rule)} until a new fact.";

    private static string Named(string rule) => rule.Length == 0 ? "no named rule" : rule;

    private static string Source(string rule, IReadOnlyDictionary<string, RuleCitation> rules) => rules.TryGetValue(rule, out var cited) ? cited.Source : "a rule of the service itself";

    private static string Pack(string rule, IReadOnlyDictionary<string, RuleCitation> rules) => rules.TryGetValue(rule, out var cited) ? cited.PackVersion : "";

    private static string Word(ContactChannel channel) => EvidenceSections.Word(channel.ToString());
}
