using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Writing;

namespace Scheduler.Grains.Operations;

/// <summary>What a plain count cannot say: counts by label, and distributions. Every label comes from a closed list, so that recording allocates nothing.</summary>
public sealed class ContactInstruments
{
    /// <summary>Stands in a label where there is nothing to name.</summary>
    private const string None = "none";

    /// <summary>From a well served queue to a debtor that waited over a night.</summary>
    private static readonly InstrumentAdvice<double> Lateness = Buckets(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 14_400);

    private static readonly InstrumentAdvice<double> LeaseAges = Buckets(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400);

    private static readonly InstrumentAdvice<double> Latencies = Buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);

    private static readonly InstrumentAdvice<int> BatchSizes = new() { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] };

    private readonly Counter<long> _events;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _facts;
    private readonly Counter<long> _violations;
    private readonly Counter<long> _revocations;
    private readonly Counter<long> _pulls;
    private readonly Counter<long> _withheld;
    private readonly Histogram<double> _lateness;
    private readonly Histogram<double> _leaseAge;
    private readonly Histogram<double> _revocationLatency;
    private readonly Histogram<int> _pullSize;

    internal ContactInstruments(Meter meter)
    {
        _events = meter.CreateCounter<long>("contact_events_total", "{event}", "Events of decisions that were written, by type: the funnel from entry to outcome.");
        _decisions = meter.CreateCounter<long>("contact_decisions_total", "{decision}", "Verdicts that were acted on, by channel, verdict and deciding rule.");
        _facts = meter.CreateCounter<long>("contact_facts_total", "{fact}", "Outcomes and receipts, by kind and by what became of them.");
        _violations = meter.CreateCounter<long>("contact_policy_violations_total", "{contact}", "Contacts that turned out to break a rule, by rule. Any increase is looked into.");
        _revocations = meter.CreateCounter<long>("contact_revocations_total", "{lease}", "Leases withdrawn, by reason.");
        _pulls = meter.CreateCounter<long>("contact_pulls_total", "{pull}", "Pulls answered, by result.");
        _withheld = meter.CreateCounter<long>("contact_withheld_total", "{dispatch}", "Work withheld from pulls as far as they met it, by reason.");
        _lateness = meter.CreateHistogram("contact_release_lateness_seconds", "s", "From the instant a debtor was due to its offer to the ready queue, by channel.", null, Lateness);
        _leaseAge = meter.CreateHistogram("contact_lease_age_at_settle_seconds", "s", "From a lease to its outcome, by channel.", null, LeaseAges);
        _revocationLatency = meter.CreateHistogram("contact_revocation_latency_seconds", "s", "From the withdrawal of a lease to its gateway's stream.", null, Latencies);
        _pullSize = meter.CreateHistogram("contact_pull_dispatches", "{dispatch}", "Dispatches in the answer to a pull.", null, BatchSizes);
    }

    public void PullAnswered(int dispatches, bool isReplay, bool isQuiet)
    {
        _pulls.Add(1, new KeyValuePair<string, object?>("result", (dispatches, isReplay, isQuiet) switch
        {
            (_, true, _) => "replayed",
            ( > 0, _, _) => "filled",
            (_, _, true) => "quiet",
            _ => "empty",
        }));
        _pullSize.Record(dispatches);
    }

    public void Withheld(Pulls.WithheldReason reason, long count) => _withheld.Add(Math.Max(1, count), new KeyValuePair<string, object?>("reason", Reason(reason)));

    public void RevocationTold(TimeSpan latency) => _revocationLatency.Record(Math.Max(0, latency.TotalSeconds));

    internal void Written(ImmutableArray<DebtorEvent> events)
    {
        if (!_events.Enabled) return;
        foreach (var one in events)
        {
            _events.Add(1, new KeyValuePair<string, object?>("type", one.Type));
            if (one is DebtorEvent.ContactRefused refused) Decided(refused.Channel, refused.Until is null ? "forbid" : "defer", refused.RuleId);
        }
    }

    internal void Permitted(ContactChannel channel) => Decided(channel, "permit", None);

    internal void Released(ContactChannel channel, Duration lateness) =>
        _lateness.Record(Math.Max(0, lateness.TotalSeconds), new KeyValuePair<string, object?>("channel", LaneNames.NameOf(channel)));

    internal void Settled(ContactChannel channel, Duration age) =>
        _leaseAge.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("channel", LaneNames.NameOf(channel)));

    internal void Revoked(string reason) => _revocations.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="kind">"outcome" or "receipt".</param>
    internal void Reported(string kind, FactAnswer answer)
    {
        _facts.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("fate", Fate(answer.Fate)));
        // Said again with every repeat; counted when it came first.
        if (answer.Fate is not (FactFate.Recorded or FactFate.RecordedStale) || answer.BrokenRules.IsDefaultOrEmpty) return;
        foreach (var rule in answer.BrokenRules) _violations.Add(1, new KeyValuePair<string, object?>("rule", rule));
    }

    private void Decided(ContactChannel channel, string verdict, string rule) => _decisions.Add(
        1,
        new KeyValuePair<string, object?>("channel", LaneNames.NameOf(channel)),
        new KeyValuePair<string, object?>("verdict", verdict),
        new KeyValuePair<string, object?>("rule", rule));

    private static InstrumentAdvice<double> Buckets(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };

    private static string Fate(FactFate fate) => fate switch
    {
        FactFate.Recorded => "recorded",
        FactFate.RecordedStale => "recorded_stale",
        FactFate.Duplicate => "duplicate",
        FactFate.NoSuchDispatch => "no_such_dispatch",
        FactFate.Conflict => "conflict",
        _ => "invalid",
    };

    private static string Reason(Pulls.WithheldReason reason) => reason switch
    {
        Pulls.WithheldReason.NothingDue => "nothing_due",
        Pulls.WithheldReason.Paused => "paused",
        Pulls.WithheldReason.Paced => "paced",
        Pulls.WithheldReason.SenderFull => "sender_full",
        Pulls.WithheldReason.Hours => "hours",
        Pulls.WithheldReason.Cap => "cap",
        Pulls.WithheldReason.NoConsent => "no_consent",
        Pulls.WithheldReason.Hold => "hold",
        Pulls.WithheldReason.Rule => "rule",
        Pulls.WithheldReason.Leased => "leased",
        Pulls.WithheldReason.TooLate => "too_late",
        Pulls.WithheldReason.RulesChanged => "rules_changed",
        Pulls.WithheldReason.Unavailable => "unavailable",
        Pulls.WithheldReason.Closed => "closed",
        _ => None,
    };
}
