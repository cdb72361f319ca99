using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.LoadTests.Traffic;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Strategies;

namespace Scheduler.Benchmarks.Debtors;

/// <summary>
/// A debtor of the load tests (three contact points, two accounts, twenty facts) under the shipped packs and strategies, with the commands and
/// states of one contact: entered, leased, confirmed, reported.
/// </summary>
internal sealed class LoadedDebtor
{
    private const string Tenant = "load";

    /// <param name="contacts">Contacts of history; the portfolio has twenty.</param>
    public LoadedDebtor(int contacts)
    {
        var portfolio = new LoadPortfolio(EnteredAt, "run");
        Context = new DecisionContext(PackLibrary.Shipped.Compile(), StrategyLibrary.LoadShipped(), LeaseTerms.Default);
        Entry = Checked(v => EntryMap.Read(Tenant, portfolio.Debtor(0, DueAt, isIdle: false), v, EnteredAt));
        var entered = DebtorDecider.ApplyEntry(null, Entry, Context, EnteredAt);
        EntryEvents = entered.Events;
        Entered = entered.State!;
        var history = portfolio.History(0).Take(contacts).Select(contact => new SeedCommand(Checked(v => ContactMap.Read(contact, v, EnteredAt))));
        if (contacts > 0) Entered = DebtorDecider.SeedContacts(Entered, [.. history], Context, EnteredAt).State!;

        var offer = DebtorDecider.Wake(Entered, Context, DueAt).Reply.Offer ?? throw new InvalidOperationException("The debtor that fell due may not be contacted.");
        Lease = new LeaseCommand
        {
            NextVersion = 2,
            OfferVersion = 1,
            Channel = offer.Channel,
            GatewayId = "gateway",
            InstanceId = "instance-1",
            PullId = "pull-1",
            Duration = Duration.FromMinutes(5),
            ConfirmRequired = true,
        };
        var leased = DebtorDecider.Lease(Entered, Lease, Context, DueAt);
        LeaseEvents = leased.Events;
        Leased = leased.State!;
        var held = new LeaseRef(leased.Reply.Lease!.Dispatch, leased.Reply.Lease.Fence);
        Confirm = new ConfirmCommand(held);
        Confirmed = DebtorDecider.Confirm(Leased, Confirm, Context, DueAt).State!;
        Outcome = new OutcomeCommand
        {
            Lease = held,
            GatewayId = Lease.GatewayId,
            Outcome = new Outcome.Placed
            {
                PlacedAt = DueAt,
                ProviderContactId = $"p-{held.Dispatch.Value}",
                SenderId = "load",
                Disposition = Disposition.Accepted,
                PartCount = 1,
                Facts = new ContactFacts { Placed = true, AddressReached = true, Delivered = true, TwoWay = false },
            },
        };
        var reported = DebtorDecider.ReportOutcome(Confirmed, Outcome, Context, ReportedAt);
        OutcomeEvents = reported.Events;
        Reported = reported.State!;
        if (reported.Reply.State != FactState.Recorded) throw new InvalidOperationException($"The outcome was not recorded: {reported.Reply}.");
    }

    public static Instant EnteredAt { get; } = Instant.FromUtc(2026, 11, 18, 15, 0);

    /// <summary>When the refusal of hours ends that stands between the entry and the first step.</summary>
    public static Instant DueAt { get; } = EnteredAt + Duration.FromHours(1);

    public static Instant ReportedAt { get; } = DueAt + Duration.FromSeconds(1);

    public DecisionContext Context { get; }

    public EntryCommand Entry { get; }

    public LeaseCommand Lease { get; }

    public ConfirmCommand Confirm { get; }

    public OutcomeCommand Outcome { get; }

    public DebtorState Entered { get; }

    public DebtorState Leased { get; }

    public DebtorState Confirmed { get; }

    public DebtorState Reported { get; }

    public ImmutableArray<DebtorEvent> EntryEvents { get; }

    public ImmutableArray<DebtorEvent> LeaseEvents { get; }

    public ImmutableArray<DebtorEvent> OutcomeEvents { get; }

    private static T Checked<T>(Func<FieldViolations, T> read)
    {
        var violations = new FieldViolations();
        var value = read(violations);
        return violations.Any ? throw new InvalidOperationException("The load tests' debtor is not valid.") : value;
    }
}
