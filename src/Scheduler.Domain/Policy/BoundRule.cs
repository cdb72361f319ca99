using System.Runtime.CompilerServices;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>A rule and the pack that it stands in, with what is asked at every verdict worked out once.</summary>
internal sealed class BoundRule
{
    private readonly int _limit;
    private readonly CodeSet _allowed;

    /// <param name="packIndex">Place of the pack in its selection.</param>
    /// <param name="counterIndex">Place of the rule among the counters of its selection; -1 for other rules.</param>
    public BoundRule(Rule rule, RulePack pack, int packIndex, int counterIndex)
        : this(rule, pack, packIndex, counterIndex, [.. rule.Exceptions])
    {
    }

    private BoundRule(Rule rule, RulePack pack, int packIndex, int counterIndex, RuleException[] exceptions)
    {
        Rule = rule;
        Pack = pack;
        PackIndex = packIndex;
        CounterIndex = counterIndex;
        Exceptions = exceptions;
        Lifting = [.. exceptions.Where(exception => !exception.IsRequestedHours)];
        if (rule is Rule.Counter counter) _limit = counter.Limit;
        if (rule is Rule.Party party) _allowed = party.Allowed;
        FirstDay = rule.ValidFrom is { } from ? EpochDay.From(from) : int.MinValue;
        LastDay = rule.ValidTo is { } to ? EpochDay.From(to) : int.MaxValue;
        IsConditional = !ReferenceEquals(rule.When, FactFilter.Always);
        AlwaysBinds = !IsConditional && FirstDay == int.MinValue && LastDay == int.MaxValue && rule.Governs.Places.IsAll;
        IsFinal = Lifting.Length == 0 && LastDay == int.MaxValue;
        AsksAccount = rule.When.AsksAccount;
        ChangesDaily = rule.When.ChangesDaily;
        OnlyCollectors = rule.When == new FactFilter { Missing = MissingFact.Matches, Collectors = rule.When.Collectors } ? rule.When.Collectors : null;
    }

    public Rule Rule { get; }

    public RulePack Pack { get; }

    public int PackIndex { get; }

    public int CounterIndex { get; }

    /// <summary>Exceptions that may lift the rule for the contacts it is asked about.</summary>
    public RuleException[] Exceptions { get; }

    /// <summary>Those of them that lift it; the others add hours to it.</summary>
    public RuleException[] Lifting { get; }

    /// <summary>First local day on which the rule is in force, in days since 1970.</summary>
    public int FirstDay { get; }

    /// <summary>Last local day on which the rule is in force, in days since 1970.</summary>
    public int LastDay { get; }

    public bool IsConditional { get; }

    /// <summary>Binds every contact that it governs, at any time.</summary>
    public bool AlwaysBinds { get; }

    /// <summary>What it says stands: no exception lifts it and it never ends.</summary>
    public bool IsFinal { get; }

    public bool AsksAccount { get; }

    /// <summary>The commonest condition, asked without the others; null where more is asked.</summary>
    public CodeSet? OnlyCollectors { get; }

    public bool ChangesDaily { get; }

    /// <summary>False for what the base rules have judged already, and for demands that gateways keep.</summary>
    public bool IsJudged => Rule is not (Rule.MediumOptOut or Rule.OnHold or Rule.RefusalTerm or Rule.Demand);

    /// <summary>The commonest reasons to permit without an end, seen at a glance; false where the rule has to be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool SurelyPermits(in PolicyQuestion question, CountedContacts counted) => CounterIndex >= 0
        ? counted.Most(CounterIndex) < _limit && question.Shared.IsDefaultOrEmpty
        : _allowed.Contains((int)question.Role);

    /// <summary>The rule with what channel and purpose decide already decided; null: it stops no such contact.</summary>
    public BoundRule? For(ContactChannel channel, ContactPurpose purpose)
    {
        if (!IsJudged || !Rule.Governs.Governs(channel, purpose, PointPlace.Unknown) || !Rule.When.MayMatch(purpose)) return null;
        RuleException[] exceptions = [.. Exceptions.Where(exception => exception.When.MayMatch(purpose))];
        return exceptions.Length == Exceptions.Length ? this : new BoundRule(Rule, Pack, PackIndex, CounterIndex, exceptions);
    }
}
