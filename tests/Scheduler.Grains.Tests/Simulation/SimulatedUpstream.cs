using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>Systems that enter debtors and tell what becomes known of them; what was not acknowledged is said again as it was.</summary>
internal sealed class SimulatedUpstream(OutsideRecord outside, int debtorCount)
{
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly List<(string Debtor, string Fact, V1.Signal Signal)> _said = [];
    private int _signals;

    public async Task EnterAsync(World world, Random random)
    {
        var debtor = $"d{random.Next(debtorCount)}";
        var known = _versions.GetValueOrDefault(debtor);
        // An entry of before comes again as often as a new one.
        var version = known > 0 && random.Next(2) == 0 ? known : known + 1;
        _versions[debtor] = Math.Max(known, version);
        for (var time = 0; time <= random.Next(2); time++)
        {
            var answer = await EnterAsync(world, Entry(debtor, version));
            if (answer?.Outcome is EntryOutcome.Accepted or EntryOutcome.Unchanged) outside.Entries.Add((debtor, version));
            else if (answer?.Outcome is EntryOutcome.Stale && outside.Entries.Contains((debtor, version))) outside.Found($"{debtor}: version {version} was acknowledged and is stale, though it is the newest");
        }
    }

    public async Task SignalAsync(World world, Random random)
    {
        if (_said.Count > 0 && random.Next(4) == 0)
        {
            await SayAsync(world, _said[random.Next(_said.Count)]);
            return;
        }

        var debtor = $"d{random.Next(debtorCount)}";
        var signal = new V1.Signal { SignalId = $"s{++_signals}", OccurTime = Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()), Channel = V1.ContactChannel.Whatsapp };
        var fact = Fill(signal, debtor, random, Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()));
        _said.Add((debtor, fact, signal));
        await SayAsync(world, _said[^1]);
    }

    public async Task CloseAsync(World world, Random random)
    {
        var debtor = $"d{random.Next(debtorCount)}";
        var closure = new V1.AccountClosure
        {
            AccountId = "account-of-" + debtor,
            Reason = V1.CloseReason.Recalled,
            CloseTime = Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()),
            RequestId = "close-" + debtor,
        };
        var answer = await outside.TryAsync(() => world.Debtor(debtor).CloseAccount(new Submission(closure.ToByteArray(), "tests")));
        if (answer is { Done: true, Fault: null }) outside.Facts.Add((debtor, "closed account-of-" + debtor));
    }

    private async Task SayAsync(World world, (string Debtor, string Fact, V1.Signal Signal) said)
    {
        var answer = await outside.TryAsync(() => world.Debtor(said.Debtor).RecordSignal(new Submission(said.Signal.ToByteArray(), "tests")));
        if (answer is null) return;
        if (answer.Recorded && outside.Facts.Contains((said.Debtor, said.Fact))) outside.Found($"{said.Debtor}: {said.Fact} was recorded twice");
        if (answer.Recorded || answer.Duplicate) outside.Facts.Add((said.Debtor, said.Fact));
        else outside.Refused++;
    }

    private async Task<EntryAnswer?> EnterAsync(World world, V1.DebtorEntry entry)
    {
        var violations = new FieldViolations();
        var command = EntryMap.Read(World.Tenant, entry, violations, world.Time.Now());
        var answers = await outside.TryAsync(() => world.Intake.EnqueueAsync([new IntakeEntry(command, entry)], "tests", CancellationToken.None));
        return answers?[0];
    }

    /// <summary>A debtor who may be written to by either channel, with a balance of that version.</summary>
    private static V1.DebtorEntry Entry(string debtor, long version)
    {
        var entry = Entries.Reachable(debtor, version);
        entry.Consents[0].Channels.Add(V1.ContactChannel.Sms);
        entry.Accounts[0].Balance = new Money { CurrencyCode = "COP", Units = 250_000 + version };
        return entry;
    }

    private static string Fill(V1.Signal signal, string debtor, Random random, Timestamp now)
    {
        switch (random.Next(8))
        {
            case 0:
                signal.Consent = Entries.Consent("withdrawn-" + signal.SignalId, V1.ConsentKind.Withdrawn, now.ToDateTimeOffset());
                signal.Consent.Channels.Add(V1.ContactChannel.Sms);
                return "withdrew withdrawn-" + signal.SignalId;
            case 1 or 2 or 3:
                signal.HoldPlaced = new V1.Hold { HoldId = $"hold-{random.Next(2)}-{signal.SignalId}", Kind = V1.HoldKind.Dispute, StartTime = now };
                if (random.Next(2) == 0) signal.HoldPlaced.EndTime = Timestamp.FromDateTimeOffset(now.ToDateTimeOffset().AddHours(3));
                return "held " + signal.HoldPlaced.HoldId;
            case 4 or 5:
                signal.Payment = new V1.Payment { PaymentId = "payment-" + signal.SignalId, AccountId = "account-of-" + debtor, Amount = new Money { CurrencyCode = "COP", Units = 10 } };
                return "paid payment-" + signal.SignalId;
            case 6:
                signal.Payment = new V1.Payment
                {
                    PaymentId = "payment-" + signal.SignalId,
                    AccountId = "account-of-" + debtor,
                    Amount = new Money { CurrencyCode = "COP", Units = 300_000 },
                    BalanceAfter = new Money { CurrencyCode = "COP" },
                };
                return "paid payment-" + signal.SignalId;
            default:
                signal.Inbound = new V1.Inbound();
                return "wrote " + signal.SignalId;
        }
    }
}
