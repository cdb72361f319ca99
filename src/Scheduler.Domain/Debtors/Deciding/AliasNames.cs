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
    /// <param name="state">The debtor that remains.</param>
    /// <param name="c">As the alias's source says it.</param>
    /// <param name="named">What its points are called here.</param>
    public static EntryCommand Translate(DebtorState state, EntryCommand c, out ImmutableArray<AliasName> named)
    {
        var alias = c.Key.Debtor;
        var names = new Dictionary<PointId, PointId>();
        var points = c.Points is { } listed ? Joining.Named(state, listed, alias, names) : (ImmutableArray<ContactPoint>?)null;
        named = [.. names.Select(static name => new AliasName(AliasKind.Point, name.Key.Value, name.Value.Value))];
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

    public static AuthorizeCommand Translate(DebtorState state, AuthorizeCommand c) => c.Alias.Length == 0 ? c : c with { Point = PointOf(state, c.Point, c.Alias) };

    public static ExternalContact Translate(DebtorState state, ExternalContact contact, string alias) =>
        alias.Length == 0 ? contact : contact with { Point = PointOf(state, contact.Point, alias) };

    /// <summary>With what the alias's names have come to mean; a name that means itself needs none.</summary>
    public static MergedDebtor With(MergedDebtor merged, ImmutableArray<AliasName> named) => merged with
    {
        Names =
        [
            .. merged.Names.Where(known => named.All(name => name.Kind != known.Kind || name.Id != known.Id)),
            .. named.Where(static name => name.Id != name.Name || name.Kind is AliasKind.Hold or AliasKind.Promise),
        ],
    };

    /// <summary>
    /// What the names of an alias of the one that goes mean where that one goes: through both. A name that it had in common with that one
    /// means what that one's means; whose holds and promises they were is known, and no others are the alias's.
    /// </summary>
    public static MergedDebtor Through(MergedDebtor alias, ImmutableArray<AliasName> named)
    {
        var carried = alias.Names.Select(name => name with { Name = Find(named, name.Kind, name.Name) ?? name.Name }).ToImmutableArray();
        var common = named.Where(name => name.Kind is AliasKind.Point or AliasKind.Consent && Find(alias.Names, name.Kind, name.Id) is null);
        return With(alias, [.. carried, .. common]);
    }

    public static SignalCommand Translate(DebtorState state, SignalCommand c) => c.Alias.Length == 0 ? c : c with { Fact = Translate(state, c.Fact, c.Alias) };

    private static SignalFact Translate(DebtorState state, SignalFact fact, string alias)
    {
        switch (fact)
        {
            case SignalFact.PromiseSaid(var promise):
                var isOther = promise.State is PromiseState.Pending or PromiseState.Unknown
                    && state.Promises.Any(p => p.Id == promise.Id && !p.Accounts.ToHashSet().SetEquals(promise.Accounts));
                return new SignalFact.PromiseSaid(promise with { Id = NameOf(state, AliasKind.Promise, promise.Id, alias, id => state.Promises.Any(p => p.Id == id), isOther) });
            case SignalFact.ConsentSaid(var consent):
                return new SignalFact.ConsentSaid(Translate(state, consent, alias, id => PointOf(state, id, alias)));
            case SignalFact.HoldPlaced(var hold):
                // Under a name of its own: a hold that the debtor itself lays later under the same id is another.
                return new SignalFact.HoldPlaced(hold with
                {
                    Id = NameOf(state, AliasKind.Hold, hold.Id, alias, id => state.Holds.Any(h => h.Id == id), isOther: !state.Holds.Contains(hold)),
                });
            case SignalFact.HoldLifted(var lifted):
                // Only one that is the alias's: what the debtor's own source laid, that one lifts.
                return new SignalFact.HoldLifted(NameOf(state, AliasKind.Hold, lifted, alias, id => state.Holds.Any(h => h.Id == id), isOther: true));
            case SignalFact.PointChanged changed: return changed with { Point = PointOf(state, changed.Point, alias) };
            case SignalFact.Inbound inbound: return inbound with { Point = PointOf(state, inbound.Point, alias) };
            case SignalFact.ContactedElsewhere(var contact): return new SignalFact.ContactedElsewhere(Translate(state, contact, alias));
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
            Id = NameOf(state, AliasKind.Consent, fact.Id, alias, id => state.Consents.Any(known => known.Id == id), isOther),
            Points = [.. fact.Points.Select(name)],
        };
    }

    /// <summary>What the alias's point is called here.</summary>
    public static PointId PointOf(DebtorState state, PointId id, string alias) =>
        id == default ? id : new PointId(NameOf(state, AliasKind.Point, id.Value, alias, name => state.Points.Any(point => point.Id.Value == name), isOther: false));

    /// <summary>As it was named when it came; else by what a further merge made of the alias's own form of the name; else by that form; else as it is.</summary>
    /// <param name="isOther">What bears the id itself is not the alias's.</param>
    private static string NameOf(DebtorState state, AliasKind kind, string id, string alias, Func<string, bool> isKnown, bool isOther)
    {
        var own = Joining.Renamed(id, alias);
        string? carried = null;
        foreach (var merged in state.Merged)
        {
            if (merged.Debtor == alias && Find(merged.Names, kind, id) is { } name) return name;
            if (merged.Debtor != alias) carried ??= Find(merged.Names, kind, own);
        }

        return carried ?? (isOther || isKnown(own) ? own : id);
    }

    private static string? Find(ImmutableArray<AliasName> names, AliasKind kind, string id)
    {
        foreach (var name in names)
        {
            if (name.Kind == kind && name.Id == id) return name.Name;
        }

        return null;
    }
}
