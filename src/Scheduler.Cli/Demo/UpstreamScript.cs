using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sampling;
using Scheduler.V1;

namespace Scheduler.Cli.Demo;

/// <summary>What the lender's own systems report while the days pass: payments, withdrawn consents, hardship. In order of time.</summary>
internal sealed class UpstreamScript
{
    private readonly Queue<(Instant At, Signal Signal)> _due;

    public UpstreamScript(DemoPlan plan, IEnumerable<DebtorEntry> entries)
    {
        _due = new(entries.SelectMany(entry => Of(plan, entry)).OrderBy(item => item.At).ThenBy(item => item.Signal.SignalId, StringComparer.Ordinal));
    }

    public Instant? NextAt => _due.TryPeek(out var next) ? next.At : null;

    /// <summary>Signals that happened by now.</summary>
    public List<Signal> Take(Instant now)
    {
        List<Signal> signals = [];
        while (_due.TryPeek(out var next) && next.At <= now)
        {
            _due.Dequeue();
            signals.Add(next.Signal);
        }

        return signals;
    }

    private static IEnumerable<(Instant At, Signal Signal)> Of(DemoPlan plan, DebtorEntry entry)
    {
        if (Percent(plan, entry, "pays") < 12) yield return Pays(plan, entry);
        if (Percent(plan, entry, "withdraws") < 3) yield return Withdraws(plan, entry);
        if (Percent(plan, entry, "hardship") < 2) yield return Hardship(plan, entry);
    }

    private static (Instant, Signal) Pays(DemoPlan plan, DebtorEntry entry)
    {
        var account = entry.Accounts[0];
        var signal = New(plan, entry, "pays");
        signal.Payment = new Payment
        {
            PaymentId = signal.SignalId,
            AccountId = account.AccountId,
            Amount = account.Balance,
            BalanceAfter = ProtocolValues.ToMoney(0, account.Balance.CurrencyCode),
        };
        return (ProtocolValues.ToInstant(signal.OccurTime), signal);
    }

    private static (Instant, Signal) Withdraws(DemoPlan plan, DebtorEntry entry)
    {
        var signal = New(plan, entry, "withdraws");
        signal.Consent = new ConsentFact
        {
            ConsentId = signal.SignalId,
            Kind = ConsentKind.Withdrawn,
            GivenTime = signal.OccurTime,
            Method = "web",
            Instrument = ConsentInstrument.Message,
            Channels = { ContactChannel.Whatsapp, ContactChannel.Sms },
        };
        return (ProtocolValues.ToInstant(signal.OccurTime), signal);
    }

    private static (Instant, Signal) Hardship(DemoPlan plan, DebtorEntry entry)
    {
        var signal = New(plan, entry, "hardship");
        signal.HoldPlaced = new Hold { HoldId = signal.SignalId, Kind = HoldKind.Hardship, StartTime = signal.OccurTime, Method = "oral" };
        return (ProtocolValues.ToInstant(signal.OccurTime), signal);
    }

    private static Signal New(DemoPlan plan, DebtorEntry entry, string what)
    {
        var minute = StableHash.Between(60, (plan.Days * 24 * 60) - 60, plan.Seed, entry.DebtorId, what, "minute");
        return new Signal
        {
            SignalId = $"{what}-{entry.DebtorId}",
            DebtorId = entry.DebtorId,
            SourceSystem = "core",
            OccurTime = ProtocolValues.ToTimestamp(DemoPlan.Start + Duration.FromMinutes(minute)),
        };
    }

    private static int Percent(DemoPlan plan, DebtorEntry entry, string what) => StableHash.Between(0, 99, plan.Seed, entry.DebtorId, what);
}
