using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// What comes by an alias's id says the alias's own names, which may be another's at the debtor that remains: they are put into that one's
/// names before anything is decided. Where it is not known whose a name is, what is new is set beside what is there.
/// </summary>
internal static class AliasNames
{
    /// <summary>Its points as they are called here, what is known of their addresses, and its consents at them.</summary>
    public static EntryCommand Translate(DebtorState state, EntryCommand c)
    {
        var alias = c.Key.Debtor;
        var names = new Dictionary<PointId, PointId>();
        var points = c.Points is { } listed ? Joining.Named(state, listed, alias, names) : (ImmutableArray<ContactPoint>?)null;
        return c with
        {
            Profile = null,
            Points = points,
            AddressFacts = [.. c.AddressFacts.Select(known => known with { Point = Name(known.Point) })],
            Consents = [.. c.Consents.Select(fact => Translate(state, fact, alias, Name))],
        };

        PointId Name(PointId id) => names.TryGetValue(id, out var name) ? name : PointOf(state, id, alias);
    }

    /// <summary>What came with the outcome of a dispatch that was handed out for the alias is said in the alias's names too.</summary>
    public static OutcomeCommand Translate(DebtorState state, OutcomeCommand c)
    {
        if (c.Outcome is not Outcome.Placed { Signals.IsEmpty: false } placed || state.Merged.IsEmpty) return c;
        if (!c.Lease.Dispatch.TryParse(out var debtor, out _) || state.Merged.All(merged => merged.Debtor != debtor)) return c;
        return c with { Outcome = placed with { Signals = [.. placed.Signals.Select(signal => signal with { Alias = debtor })] } };
    }

    public static SignalCommand Translate(DebtorState state, SignalCommand c) => c.Alias.Length == 0 ? c : c with { Fact = Translate(state, c.Fact, c.Alias) };

    private static SignalFact Translate(DebtorState state, SignalFact fact, string alias)
    {
        switch (fact)
        {
            case SignalFact.PromiseSaid(var promise):
                var isOther = promise.State is PromiseState.Pending or PromiseState.Unknown
                    && state.Promises.Any(p => p.Id == promise.Id && !p.Accounts.ToHashSet().SetEquals(promise.Accounts));
                return new SignalFact.PromiseSaid(promise with { Id = NameOf(promise.Id, alias, id => state.Promises.Any(p => p.Id == id), isOther) });
            case SignalFact.ConsentSaid(var consent):
                return new SignalFact.ConsentSaid(Translate(state, consent, alias, id => PointOf(state, id, alias)));
            case SignalFact.HoldPlaced(var hold):
                return new SignalFact.HoldPlaced(hold with
                {
                    Id = NameOf(hold.Id, alias, id => state.Holds.Any(h => h.Id == id), isOther: state.Holds.Any(h => h.Id == hold.Id && h != hold)),
                });
            case SignalFact.HoldLifted(var lifted):
                return new SignalFact.HoldLifted(NameOf(lifted, alias, id => state.Holds.Any(h => h.Id == id), isOther: false));
            case SignalFact.PointChanged changed: return changed with { Point = PointOf(state, changed.Point, alias) };
            case SignalFact.Inbound inbound: return inbound with { Point = PointOf(state, inbound.Point, alias) };
            case SignalFact.CallbackRequested asked: return asked with { Point = PointOf(state, asked.Point, alias) };
            default: return fact;
        }
    }

    /// <summary>An id that is another fact's here becomes the alias's own: neither is taken for the other.</summary>
    private static ConsentFact Translate(DebtorState state, ConsentFact fact, string alias, Func<PointId, PointId> name)
    {
        var isOther = state.Consents.Any(known => known.Id == fact.Id && (known.Kind != fact.Kind || known.GivenAt != fact.GivenAt));
        return fact with
        {
            Id = NameOf(fact.Id, alias, id => state.Consents.Any(known => known.Id == id), isOther),
            Points = [.. fact.Points.Select(name)],
        };
    }

    /// <summary>What the alias's point is called here.</summary>
    public static PointId PointOf(DebtorState state, PointId id, string alias) =>
        id == default ? id : new PointId(NameOf(id.Value, alias, name => state.Points.Any(point => point.Id.Value == name), isOther: false));

    private static string NameOf(string id, string alias, Func<string, bool> isKnown, bool isOther)
    {
        var own = Joining.Renamed(id, alias);
        return isOther || isKnown(own) ? own : id;
    }
}
