using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.RulePacks.Reading;

/// <summary>Reads the filters of the schema: `governs`, `counts`, `when`, `unless`, predicates, and exceptions.</summary>
internal static class FilterReader
{
    private static readonly ImmutableArray<(string Word, CountedFacts Fact)> FactWords =
    [
        ("placed", CountedFacts.Placed), ("address_reached", CountedFacts.AddressReached), ("delivered", CountedFacts.Delivered),
        ("perceived", CountedFacts.Perceived), ("message_left", CountedFacts.MessageLeft), ("message_possible", CountedFacts.MessagePossible),
        ("two_way", CountedFacts.TwoWay), ("outbound", CountedFacts.Outbound), ("inbound", CountedFacts.Inbound),
    ];

    /// <summary>Facts that laws speak of and nobody reports yet: a rule that asks for one binds, a release that asks for one frees nobody.</summary>
    internal static readonly ImmutableArray<string> UncollectedWords = ["operators_certify"];

    public static ContactPredicate Predicate(MapReader map)
    {
        var predicate = Facts(map);
        map.Finish();
        return predicate;
    }

    public static CountFilter Counts(MapReader? map, Vocabulary vocabulary)
    {
        if (map is null) return new CountFilter();
        var facts = Facts(map);
        var name = map.Text("predicate");
        if (name.Length > 0)
        {
            if (vocabulary.Predicates.TryGetValue(name, out var named)) facts = named.And(facts);
            else map.Problem("predicate", $"No predicate is named '{name}'.");
        }

        var filter = new CountFilter
        {
            Channels = Words.Channels(map, "channels", vocabulary, ChannelSet.All),
            Purposes = Words.Codes<ContactPurpose>(map, "purposes"),
            Places = Words.Codes<PointPlace>(map, "places"),
            Facts = facts,
        };
        map.Finish();
        return filter;
    }

    public static ContactFilter Governs(MapReader? map, Vocabulary vocabulary)
    {
        if (map is null) return ContactFilter.Everything;
        var otherThanCounted = map.Texts("channels") is ["other_than_counted"];
        var channels = otherThanCounted ? ChannelSet.All : Words.Channels(map, "channels", vocabulary, ChannelSet.All);
        var exceptPurposes = map.Node("except_purposes") is null ? CodeSet.None : Words.Codes<ContactPurpose>(map, "except_purposes");
        var filter = new ContactFilter
        {
            Channels = channels.Except(Words.Channels(map, "except_channels", vocabulary, default)),
            OtherThanCounted = otherThanCounted,
            Purposes = exceptPurposes == CodeSet.None ? Words.Codes<ContactPurpose>(map, "purposes") : Words.Codes<ContactPurpose>(map, "purposes").Except(exceptPurposes),
            Places = Words.Codes<PointPlace>(map, "places"),
        };
        map.Finish();
        return filter;
    }

    /// <summary>`when` of a rule or pack: a missing fact matches, unless the filter says `unknown: false`.</summary>
    public static FactFilter When(MapReader? map) => map is null ? FactFilter.Always : Facts(map, MissingFact.Matches, finish: true);

    public static Release Unless(MapReader? map)
    {
        if (map is null) return Release.Never;
        var purpose = map.Text("consent_purpose");
        var place = map.Text("consent_place");
        ContactPurpose? consented = null;
        if (purpose.Length > 0)
        {
            if (Words.TryParse<ContactPurpose>(purpose, out var known)) consented = known;
            else map.Problem("consent_purpose", $"'{purpose}' is not a purpose.");
        }

        return new Release { ConsentPurpose = consented, ConsentForPoint = place.Length > 0, OwnInitiative = map.Flag("own_initiative") ?? false, Facts = Facts(map, MissingFact.DoesNotMatch, finish: true) };
    }

    public static RuleException Exception(MapReader map)
    {
        var when = map.Map("when");
        var hours = when?.Number("inbound_within_hours");
        var exception = new RuleException
        {
            Id = map.RequiredText("id"),
            Lifts = map.Texts("lifts"),
            Uses = map.Number("uses") ?? 0,
            IsCounted = map.Flag("counted") ?? true,
            Source = map.Text("source"),
            SourceKind = RuleReader.SourceKind(map),
            ValidFrom = map.Date("valid_from"),
            ValidTo = map.Date("valid_to"),
            IsRequestedHours = when?.Flag("requested_hours") ?? false,
            Instruments = when is null ? CodeSet.All : Words.Codes<ConsentInstrument>(when, "instrument"),
            GivenAfterContract = when?.Flag("after_contract") ?? false,
            GivenDirectly = when?.Flag("given_directly") ?? false,
            IsRequestOpen = when?.Flag("request_open") ?? false,
            IsSameMedium = when?.Flag("same_medium") ?? false,
            InboundWithin = hours is { } count ? Duration.FromHours(count) : null,
            IsConsentedPurpose = when?.Flag("consented_purpose") ?? false,
            WithinLocalDays = when?.Number("within_local_days"),
            IsSessionOpen = when?.Flag("session_open") ?? false,
            When = when is null ? FactFilter.Always : Facts(when, MissingFact.DoesNotMatch, finish: true) with { SessionOpen = null },
        };
        if (when is null) map.Problem("when", "An exception must say when it holds.");
        if (exception.Lifts.IsEmpty) map.Problem("lifts", "An exception must lift a rule.");
        map.Finish();
        return exception;
    }

    private static ContactPredicate Facts(MapReader map)
    {
        var (require, exclude) = (CountedFacts.None, CountedFacts.None);
        foreach (var (word, fact) in FactWords)
        {
            if (map.Flag(word) is not { } isTrue) continue;
            if (isTrue) require |= fact;
            else exclude |= fact;
        }

        var any = map.List("any").Select(node => Predicate(new MapReader(node, map.Findings))).ToImmutableArray();
        var not = map.List("not").Select(node => Predicate(new MapReader(node, map.Findings))).ToImmutableArray();
        return require == CountedFacts.None && exclude == CountedFacts.None && any.IsEmpty && not.IsEmpty
            ? ContactPredicate.Always
            : new ContactPredicate { Require = require, Exclude = exclude, Any = any, Not = not };
    }

    private static FactFilter Facts(MapReader map, MissingFact missing, bool finish)
    {
        if (map.Flag("unknown") == false) missing = MissingFact.DoesNotMatch;
        var uncollected = UncollectedWords.Where(word => map.Flag(word) is not null).ToImmutableArray();
        var filter = new FactFilter
        {
            Missing = missing,
            Collectors = Words.Codes<CollectorKind>(map, "collector"),
            Stages = Words.Codes<AccountStage>(map, "stage"),
            Roles = Words.Codes<PartyRole>(map, "role"),
            Modes = Words.Codes<PlacementMode>(map, "automation"),
            PointKinds = Words.Codes<PointKind>(map, "point_kind"),
            Places = Words.Codes<PointPlace>(map, "place"),
            Purposes = Words.Codes<ContactPurpose>(map, "purpose"),
            Products = map.Texts("product"),
            NotProducts = map.Texts("not_product"),
            EmployerForbids = map.Flag("employer_forbids"),
            TimeBarred = map.Flag("time_barred"),
            IsConsumer = map.Flag("consumer"),
            DaysPastDueOver = map.Number("days_past_due_over"),
            MessagePromotes = map.Flag("message_promotes"),
            AddressAgreed = map.Flag("address_agreed"),
            SessionOpen = map.Flag("session_open"),
            Uncollected = uncollected,
            Any = [.. map.List("any").Select(node => Facts(new MapReader(node, map.Findings), missing, finish: true))],
        };
        if (finish) map.Finish();
        return filter;
    }
}
