using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Packs that apply to a place; one object for every debtor of places with the same packs.</summary>
internal sealed class PackSelection
{
    private const int ChannelCount = 16;
    private const int PurposeCount = 16;

    /// <summary>Found once for each channel and purpose, by the first to ask.</summary>
    private readonly GoverningRules?[] _governing = new GoverningRules[ChannelCount * PurposeCount];

    /// <param name="rules">Rules with the place of their pack among the packs.</param>
    /// <param name="authorities">For each place the debtor may be in, the packs that speak for it.</param>
    public PackSelection(ImmutableArray<RulePack> packs, IEnumerable<(Rule Rule, int Pack)> rules, IEnumerable<ImmutableArray<RulePack>> authorities)
    {
        Packs = packs;
        Versions = [.. packs.Select(static pack => pack.Version)];
        var ranked = rules.OrderBy(one => one.Rule.Rank).ToList();
        var counters = ranked.Select(one => one.Rule).OfType<Rule.Counter>().ToList();
        Rules = [.. ranked.Select(one => new BoundRule(one.Rule, packs[one.Pack], one.Pack, one.Rule is Rule.Counter counter ? counters.IndexOf(counter) : -1))];
        HasTimedRelease = ranked.Any(one => Reconsideration.IsTimed(one.Rule));
        Counters = new CounterMasks(counters);
        Authorities = [.. authorities.Select(speaking => speaking.Select(pack => new PackTerm(pack)).ToArray())];
    }

    public ImmutableArray<RulePack> Packs { get; }

    /// <summary>Versions of the packs, as decisions record them.</summary>
    public ImmutableArray<string> Versions { get; }

    /// <summary>Every rule, cheapest and most final first.</summary>
    public BoundRule[] Rules { get; }

    /// <summary>Some exception or release of the rules may come to hold by time alone.</summary>
    public bool HasTimedRelease { get; }

    /// <summary>Which of the rules count a contact, by what the contact was.</summary>
    public CounterMasks Counters { get; }

    /// <summary>For each place the debtor may be in, the packs that speak for it. An empty entry: a place without a pack.</summary>
    public PackTerm[][] Authorities { get; }

    /// <summary>Rules that may stop a contact through the channel for the purpose.</summary>
    public GoverningRules Governing(ContactChannel channel, ContactPurpose purpose)
    {
        var index = (((int)channel % ChannelCount) * PurposeCount) + ((int)purpose % PurposeCount);
        return _governing[index] ??= new GoverningRules(this, channel, purpose);
    }
}

/// <summary>The rules that may stop a contact through one channel for one purpose, and what frees such a contact from being counted.</summary>
internal sealed class GoverningRules
{
    public GoverningRules(PackSelection selection, ContactChannel channel, ContactPurpose purpose)
    {
        Rules = [.. selection.Rules.Select(bound => bound.For(channel, purpose)).OfType<BoundRule>()];
        Uncounting = [.. selection.Packs.Where(pack => pack.IsAuthority)
            .Select(pack => pack.Exceptions.Where(exception => !exception.IsCounted && exception.When.MayMatch(purpose)).ToArray())];
        AlwaysCounts = Uncounting.Length == 0 || Uncounting.Any(exceptions => exceptions.Length == 0);
    }

    public BoundRule[] Rules { get; }

    /// <summary>For each pack that speaks for a place, the exceptions by which such a contact is not counted.</summary>
    public RuleException[][] Uncounting { get; }

    /// <summary>Some pack has no such exception: the contact counts.</summary>
    public bool AlwaysCounts { get; }
}

/// <summary>A pack and the local days on which it is in force, in days since 1970.</summary>
internal sealed class PackTerm(RulePack pack)
{
    public RulePack Pack { get; } = pack;

    public int FirstDay { get; } = pack.ValidFrom is { } from ? EpochDay.From(from) : int.MinValue;

    public int LastDay { get; } = pack.ValidTo is { } to ? EpochDay.From(to) : int.MaxValue;
}
