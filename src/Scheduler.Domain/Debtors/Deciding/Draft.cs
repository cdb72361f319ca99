using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;

namespace Scheduler.Domain.Debtors;

/// <summary>A decision being made: the working state, events and effects of one command. Never outlives the call that made it.</summary>
internal sealed class Draft
{
    private readonly DebtorState? _before;
    private readonly ImmutableArray<DebtorEvent>.Builder _events;

    // Few decisions have an effect.
    private ImmutableArray<Effect>.Builder? _effects;

    /// <param name="before">Null: the debtor is not known yet.</param>
    /// <param name="events">How many there will be at least, where that is known.</param>
    public Draft(DebtorState? before, DebtorState state, DecisionContext context, Instant now, int events = 4)
    {
        _events = ImmutableArray.CreateBuilder<DebtorEvent>(events);
        _before = before;
        State = state;
        Context = context;
        Now = now;
    }

    public Draft(DebtorState before, DecisionContext context, Instant now)
        : this(before, before, context, now)
    {
    }

    /// <summary>Replaced only where a value changes: a state that is the same object as before is not written.</summary>
    public DebtorState State { get; set; }

    public DecisionContext Context { get; }

    public Instant Now { get; }

    /// <summary>Every zone the debtor may be in, as the state stands now.</summary>
    public ZoneCandidates Zones => Context.Policy.CandidatesOf(State);

    public (LocalDate First, LocalDate Last) LocalDates(Instant at) => Zones.LocalDates(at);

    /// <summary>Dispatch withdrawn by this decision; null: none.</summary>
    public DispatchId? Revoked { get; set; }

    /// <summary>Dispatch that should have been withdrawn, and was confirmed already; null: none.</summary>
    public DispatchId? Unstoppable { get; set; }

    /// <summary>Something changed in this decision.</summary>
    public bool IsChanged => _events.Count > 0 || !ReferenceEquals(State, _before);

    public void Record(DebtorEvent happened) => _events.Add(happened);

    public void Follow(Effect effect) => (_effects ??= ImmutableArray.CreateBuilder<Effect>(1)).Add(effect);

    public Decision<TReply> Answer<TReply>(TReply reply)
    {
        var effects = _effects?.DrainToImmutable() ?? [];
        if (!IsChanged) return new Decision<TReply>(null, [], effects, reply);
        State = FormerDebts.WithoutLapsed(this, keepsScopes: HasJoinedScope());
        return new Decision<TReply>(State, _events.DrainToImmutable(), effects, reply);
    }

    private bool HasJoinedScope()
    {
        for (var index = 0; index < _events.Count; index++)
        {
            if (_events[index] is DebtorEvent.ScopeJoined) return true;
        }

        return false;
    }

    public ImmutableArray<DispatchId> RevokedList => Revoked is { } one ? [one] : [];

    public ImmutableArray<DispatchId> UnstoppableList => Unstoppable is { } one ? [one] : [];
}
