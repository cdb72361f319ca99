using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>One debtor played through decisions, as the turn that writes would: state replaced, version raised, events kept, time set by the test.</summary>
internal sealed class Run(DecisionContext context, Instant now)
{
    private long _version;

    public DecisionContext Context { get; set; } = context;

    public Instant Now { get; set; } = now;

    public DebtorState State { get; private set; } = null!;

    public List<DebtorEvent> Events { get; } = [];

    /// <summary>One row for each decision that wrote, as the event log would hold it.</summary>
    public List<(Instant RecordedAt, ImmutableArray<DebtorEvent> Events)> Log { get; } = [];

    public ImmutableArray<Effect> Effects { get; private set; } = [];

    /// <summary>The last decision wrote something.</summary>
    public bool HasWritten { get; private set; }

    public Lease? Lease => State.Lease;

    public AccountPlan PlanOf(AccountId account) => State.Plans.Single(plan => plan.Account == account);

    public EntryReply Enter(EntryCommand command) => Play(DebtorDecider.ApplyEntry(State, command, Context, Now));

    public SignalReply Signal(SignalCommand command) => Play(DebtorDecider.RecordSignal(State, command, Context, Now));

    public SignalReply Signal(string id, SignalFact fact, ContactChannel channel = ContactChannel.Unknown) => Signal(Sample.Signal(id, Now, fact, channel));

    public CloseReply Close(AccountId account, CloseReason reason, string requestId = "close-1") =>
        Play(DebtorDecider.CloseAccount(State, new CloseCommand { Account = account, Reason = reason, ClosedAt = Now, RequestId = requestId }, Context, Now));

    public HistoryReply Seed(ExternalContact contact) => Play(DebtorDecider.SeedContact(State, new SeedCommand(contact), Context, Now));

    public WakeReply Wake() => Play(DebtorDecider.Wake(State, Context, Now));

    /// <summary>Moves to the debtor's next wake and wakes it.</summary>
    public WakeReply WakeNext()
    {
        Now = Instant.Max(Now, State.Wake.At ?? throw new InvalidOperationException($"No wake: {State.Phase}, {State.Wake.Reason}"));
        return Wake();
    }

    /// <summary>The fence is set here.</summary>
    public AuthorizeReply Authorize(AuthorizeCommand command) => Play(DebtorDecider.Authorize(State, command with { NextVersion = _version + 1 }, Context, Now));

    public LeaseReply TryLease(ContactChannel channel, bool confirm = false, Duration? duration = null, long? offerVersion = null) => Play(DebtorDecider.Lease(
        State,
        new LeaseCommand
        {
            NextVersion = _version + 1,
            OfferVersion = offerVersion ?? _version,
            Channel = channel,
            GatewayId = "gateway",
            PullId = "pull",
            Duration = duration ?? Duration.FromMinutes(10),
            ConfirmRequired = confirm,
        },
        Context,
        Now));

    public Lease MustLease(ContactChannel channel, bool confirm = false, Duration? duration = null) =>
        TryLease(channel, confirm, duration) is { Lease: { } lease } ? lease : throw new InvalidOperationException($"Not leased: {State.Phase}, {State.Wake}");

    public ConfirmReply Confirm(Lease lease) => Play(DebtorDecider.Confirm(State, new ConfirmCommand(Ref(lease)), Context, Now));

    public ExtendReply Extend(Lease lease, Duration duration) => Play(DebtorDecider.Extend(State, new ExtendCommand(Ref(lease), duration), Context, Now));

    public ReleaseReply Release(Lease lease) => Play(DebtorDecider.Release(State, new ReleaseCommand(Ref(lease), NotPlacedReason.NoCapacity), Context, Now));

    public OutcomeReply Report(Lease lease, Outcome outcome) => Play(DebtorDecider.ReportOutcome(State, new OutcomeCommand { Lease = Ref(lease), Outcome = outcome }, Context, Now));

    public ResolveReply Resolve(Lease lease, ContactResolution resolution) =>
        Play(DebtorDecider.Resolve(State, new ResolveCommand(lease.Dispatch, resolution, "ops-1", "carrier's record 7781"), Context, Now));

    public OutcomeReply Report(OutcomeCommand command) => Play(DebtorDecider.ReportOutcome(State, command, Context, Now));

    public ReceiptReply Receive(ReceiptCommand command) => Play(DebtorDecider.ReportReceipt(State, command, Context, Now));

    public ReceiptReply Receive(Lease lease, ReceiptKind kind, Instant? at = null, int part = 0, bool final = false) =>
        Receive(new ReceiptCommand { Dispatch = lease.Dispatch, Kind = kind, OccurredAt = at ?? Now, Part = part, IsFinal = final });

    public Outcome.Placed Placed(Disposition disposition, bool receipts = false, ImmutableArray<SignalCommand> signals = default) =>
        new() { PlacedAt = Now, Disposition = disposition, ReceiptsExpected = receipts, Signals = signals.IsDefault ? [] : signals };

    public static Outcome.NotPlaced NotPlaced(NotPlacedReason reason = NotPlacedReason.GatewayError, Instant? retryAt = null, FaultScope scope = FaultScope.Dispatch) =>
        new(reason, scope, retryAt, "");

    public static LeaseRef Ref(Lease lease) => new(lease.Dispatch, lease.Fence);

    public IEnumerable<T> EventsOf<T>()
        where T : DebtorEvent => Events.OfType<T>();

    private TReply Play<TReply>(Decision<TReply> decision)
    {
        HasWritten = decision.State is not null;
        Effects = decision.Effects;
        if (decision.State is { } state)
        {
            State = state;
            _version++;
            Events.AddRange(decision.Events);
            Log.Add((Now, decision.Events));
        }
        else
        {
            Assert.Empty(decision.Events);
        }

        return decision.Reply;
    }
}
