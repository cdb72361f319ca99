using System.Collections.Immutable;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.RulePacks;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>Any commands in any order, some sent twice, keep what must always hold.</summary>
public sealed class InvariantTests
{
    private static readonly ImmutableArray<ContactChannel> Channels = [ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email];

    /// <summary>One command: what it does is decided by the kind, details by the seed.</summary>
    private readonly record struct Move(int Kind, int Seed, int Minutes);

    [Theory]
    [InlineData(8407519139688747885)]
    [InlineData(20261117)]
    [InlineData(3)]
    public void Any_sequence_of_commands_keeps_the_invariants(ulong seed)
    {
        var move = from kind in Gen.Choose(0, 16) from detail in Gen.Choose(0, 1_000) from minutes in Gen.Elements(0, 1, 15, 300, 1_500) select new Move(kind, detail, minutes);
        var moves = from size in Gen.Choose(1, 60) from list in move.ArrayOf(size) select list;
        Check.One(PinnedSeeds.Runs(seed, 100), Prop.ForAll(moves.ToArbitrary(), Holds));
    }

    private static void Holds(Move[] moves)
    {
        var run = new Run(moves[0].Minutes == 0 ? WithClassic : Shipped, InBogota("2026-03-02 09:00"));
        run.Enter(Place(moves) with { Accounts = Accounts });
        var leases = new List<Lease>();
        foreach (var move in moves)
        {
            run.Now += Duration.FromMinutes(move.Minutes);
            var before = run.State;
            Act(run, move, leases, moves);
            CheckState(run, before);
        }

        ComesToRest(run);
        PassesTheAudit(run);
        foreach (var pair in run.EventsOf<DebtorEvent.Leased>().Zip(run.EventsOf<DebtorEvent.Leased>().Skip(1))) Assert.True(pair.First.Lease.Fence < pair.Second.Lease.Fence);
    }

    /// <summary>Left alone, with gateways that lease and never answer, every wake gets somewhere.</summary>
    private static void ComesToRest(Run run)
    {
        for (var count = 0; run.State.Wake.At is not null; count++)
        {
            Assert.True(count < 200, $"Still waking at {run.State.Wake}");
            var before = run.State;
            if (run.WakeNext().Offer is { } offer) run.TryLease(offer.Channel);
            CheckState(run, before);
        }
    }

    /// <summary>The independent checker, which knows nothing of the policy, finds nothing in the log.</summary>
    private static void PassesTheAudit(Run run)
    {
        var checker = new ComplianceChecker(Library.FindVersion);
        var head = Array.Empty<byte>();
        foreach (var (recordedAt, events) in run.Log)
        {
            head = SHA256.HashData([.. head, 1]);
            checker.Take(new AuditRecord(checker.Report().RecordCount + 1, run.State.Key, recordedAt, new byte[] { 1 }, events, head));
        }

        Assert.Empty(checker.Report().Violations);
    }

    private static readonly PackLibrary Library = PackLibrary.LoadShipped();

    private static readonly ImmutableArray<Account> Accounts =
        [Owed(Loan) with { Collector = CollectorKind.ThirdParty }, Owed(Card, creditor: "shop") with { Collector = CollectorKind.ThirdParty }];

    private static EntryCommand Place(Move[] moves, int version = 1) => moves[0].Seed % 2 == 0 ? Colombian(version) : NewYorker(version);

    private static void Act(Run run, Move move, List<Lease> leases, Move[] moves)
    {
        var lease = leases.Count == 0 ? null : leases[move.Seed % leases.Count];
        switch (move.Kind)
        {
            case 0 or 1 or 2:
                if (run.Wake().Offer is { } offer && run.TryLease(offer.Channel, confirm: move.Seed % 2 == 0).Lease is { } granted) leases.Add(granted);
                break;
            case 3 when lease is not null:
                run.Confirm(lease);
                break;
            case 4 when lease is not null:
                run.Extend(lease, Duration.FromMinutes(move.Seed));
                break;
            case 5 when lease is not null:
                run.Release(lease);
                break;
            case 6 or 7 when lease is not null:
                Twice(run, () => run.Report(lease, run.Placed((Disposition)(move.Seed % 17), receipts: move.Seed % 3 == 0)).State, FactState.Duplicate);
                break;
            case 8 when lease is not null:
                Twice(run, () => run.Report(lease, Run.NotPlaced()).State, FactState.Duplicate);
                break;
            case 9 or 10 when lease is not null:
                Twice(run, () => run.Receive(lease, (ReceiptKind)(1 + (move.Seed % 12)), part: move.Seed % 2).State, FactState.Duplicate);
                break;
            case 11 or 12 or 13:
                var signal = Signal($"s{run.Now.ToUnixTimeSeconds()}-{move.Seed}", run.Now, Fact(run, move.Seed), Channels[move.Seed % 4]);
                Twice(run, () => run.Signal(signal).State, ApplyState.Duplicate);
                break;
            case 14:
                run.Close(move.Seed % 2 == 0 ? Loan : Card, (CloseReason)(1 + (move.Seed % 7)), $"c{move.Seed}");
                break;
            case 15:
                run.Enter(Place(moves, version: 2 + move.Seed) with { Accounts = [Owed(move.Seed % 3 == 0 ? Card : new AccountId($"a{move.Seed % 5}"))] });
                break;
            default:
                var contact = new ExternalContact { Id = $"x{run.Now.ToUnixTimeSeconds()}-{move.Seed}", Channel = Channels[move.Seed % 4], PlacedAt = run.Now - Duration.FromHours(move.Seed), CreditorId = "bank" };
                Twice(run, () => run.Seed(contact).State, ApplyState.Duplicate);
                break;
        }
    }

    /// <summary>The same request again changes nothing; where it was recorded, it says so.</summary>
    private static void Twice<T>(Run run, Func<T> request, T duplicate)
    {
        var first = request();
        var state = run.State;
        var second = request();
        Assert.Same(state, run.State);
        Assert.False(run.HasWritten);
        if (first is ApplyState.Recorded or FactState.Recorded or FactState.RecordedStale) Assert.Equal(duplicate, second);
    }

    private static SignalFact Fact(Run run, int seed) => (seed % 12) switch
    {
        0 => new SignalFact.Payment($"p{seed}", seed % 2 == 0 ? Loan : Card, Usd(seed % 50), null),
        1 => new SignalFact.PromiseSaid(new Promise { Id = $"p{seed % 3}", Amount = Usd(10), DueOn = run.Now.InUtc().Date.PlusDays(seed % 4) }),
        2 => new SignalFact.ConsentSaid(Granted(Channels[seed % 4]) with { Id = $"w{seed}", Kind = ConsentKind.Withdrawn, GivenAt = run.Now }),
        3 => new SignalFact.ConsentSaid(Granted(Channels[seed % 4]) with { Id = $"g{seed}", GivenAt = run.Now }),
        4 => new SignalFact.HoldPlaced(new Hold { Id = $"h{seed % 4}", Kind = HoldKind.Operator, Start = run.Now, End = seed % 2 == 0 ? run.Now + Duration.FromDays(1) : null }),
        5 => new SignalFact.HoldLifted($"h{seed % 4}"),
        6 => new SignalFact.PointChanged(Mobile, (PointStatus)(1 + (seed % 5))),
        7 or 8 => new SignalFact.Inbound { Intent = (InboundIntent)(seed % 12), Point = Mobile, IsTwoWay = seed % 2 == 0 },
        9 => new SignalFact.CallbackRequested(run.Now, run.Now + Duration.FromHours(5), Mobile, GivenDirectly: true),
        10 => new SignalFact.InformationRequested("statement", Channels[seed % 4]),
        _ => new SignalFact.ContactedElsewhere(new ExternalContact { Id = $"e{run.Now.ToUnixTimeSeconds()}-{seed}", Channel = Channels[seed % 4], PlacedAt = run.Now }),
    };

    private static void CheckState(Run run, DebtorState before)
    {
        var state = run.State;
        var open = state.Accounts.Count(a => a.IsOpen);
        Assert.Equal(open == 0, state.Phase == DebtorPhase.Finished);
        Assert.True(state.Wake.At is not null || state.Phase is DebtorPhase.Finished or DebtorPhase.Held or DebtorPhase.Blocked, $"{state.Phase} without a wake: {state.Wake.Reason}");
        if (open > 0) Assert.Equal(state.Lease is not null, state.Phase == DebtorPhase.Leased);
        if (state.Lease is { } lease && before.Lease is { } former && lease.Dispatch != former.Dispatch) Assert.True(run.Now >= former.ExpiresAt + Duration.FromSeconds(2));
        if (state.Lease is { IsReserved: true } counted) Assert.Contains(state.Contacts, contact => contact.Id == counted.Dispatch.Value && contact.Facts.Placed);
        Assert.True(state.Contacts.Length <= DebtorLimits.Contacts && state.Applied.Length <= DebtorLimits.Applied && state.Holds.Length <= DebtorLimits.Holds + DebtorLimits.RefusalsBeyond);
        Assert.True(state.Contacts.Zip(state.Contacts.Skip(1)).All(pair => pair.First.PlacedAt <= pair.Second.PlacedAt));
        Assert.Equal(state.Contacts.Length, state.Contacts.Select(contact => contact.Id).Distinct().Count());
        Assert.Equal(open, state.Plans.Length);
        Assert.True(state.Plans.All(plan => state.Accounts.Any(a => a.Id == plan.Account && a.IsOpen)));
    }
}
