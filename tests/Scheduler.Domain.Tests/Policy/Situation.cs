using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>A contact and its debtor, lawful and boring unless a test says otherwise.</summary>
internal sealed record Situation
{
    public static readonly PackLibrary Library = PackLibrary.LoadShipped();

    public ContactChannel Channel { get; init; } = ContactChannel.Call;

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    public PlacementMode Mode { get; init; } = PlacementMode.Preview;

    public Instant At { get; init; } = Instant.FromUtc(2026, 11, 18, 15, 0);

    public ImmutableArray<string> Notices { get; init; } = ["OPT_OUT"];

    /// <summary>Null: nobody says whether the message also offers something.</summary>
    public bool? Promotes { get; init; } = false;

    public string InReplyTo { get; init; } = "";

    public string ExceptContact { get; init; } = "";

    public ImmutableArray<SharedContact> Shared { get; init; } = [];

    public DebtorState Debtor { get; init; } = Living("CO");

    public PolicyQuestion Question => new()
    {
        Debtor = Debtor,
        Channel = Channel,
        Point = Debtor.Points[0],
        Accounts = Debtor.Accounts,
        At = At,
        Purpose = Purpose,
        Mode = Mode,
        Role = PartyRole.Principal,
        Notices = Notices,
        Promotes = Promotes,
        InReplyTo = InReplyTo,
        ExceptContact = ExceptContact,
        Shared = Shared,
    };

    public Verdict Ask(PolicySnapshot policy) => PolicyEvaluator.Evaluate(Question, policy);

    public Explanation Explain(PolicySnapshot policy) => PolicyEvaluator.Explain(Question, policy);

    /// <summary>"CO", "US-NY" or, with a colon, country and zone: "XX:America/New_York".</summary>
    public static DebtorState Living(params ReadOnlySpan<string> places)
    {
        var locations = ImmutableArray.CreateBuilder<LocationEvidence>();
        foreach (var place in places)
        {
            var (country, zone) = place.Split(':') is [var code, var id] ? (code, id) : (place, "");
            locations.Add(new(country[..2], country.Length > 3 ? country[3..] : "", "", "", zone, LocationSource.Residence, null));
        }

        return new DebtorState
        {
            Key = new DebtorKey("t", "d1"),
            Profile = DebtorProfile.Empty with { Locations = locations.ToImmutable() },
            Points = [new ContactPoint { Id = new("p1"), Kind = PointKind.Mobile, Address = "handle", Place = PointPlace.Personal, Status = PointStatus.Confirmed, ConfirmedAt = Instant.FromUtc(2026, 11, 1, 0, 0) }],
            Accounts = [new Account { Id = new("A"), CreditorId = "lender", Collector = CollectorKind.ThirdParty, Product = "credit_card", Stage = AccountStage.InCollection, ContractOn = new LocalDate(2024, 1, 15), IsConsumer = true, IsTimeBarred = false }],
            Consents = [new ConsentFact { Id = "k0", Kind = ConsentKind.Granted, GivenAt = Instant.FromUtc(2024, 1, 5, 15, 0), Instrument = ConsentInstrument.Separate, GivenDirectly = true }],
        };
    }

    public Situation With(Func<DebtorState, DebtorState> change) => this with { Debtor = change(Debtor) };

    public static ContactRecord Contact(string id, ContactChannel channel, Instant at, PolicySnapshot policy, DebtorState debtor, ContactFacts facts = default, ContactStanding standing = ContactStanding.Settled)
    {
        var (first, last) = policy.CandidatesOf(debtor).LocalDates(at);
        return new ContactRecord
        {
            Id = id,
            Channel = channel,
            PlacedAt = at,
            FirstDate = first,
            LastDate = last,
            Facts = facts,
            Standing = standing,
            CreditorId = "lender",
            Accounts = [new("A")],
            Place = PointPlace.Personal,
        };
    }

    /// <summary>A policy of one pack that applies in the made-up country XX.</summary>
    public static PolicySnapshot Policy(params ReadOnlySpan<string> rules) => PolicyOf($$"""
        schema: 2
        packs:
          - id: XX
            applies: {country: XX}
            rules:
              - {{string.Join("\n      - ", rules!)}}
        """);

    public static PolicySnapshot PolicyOf(params ReadOnlySpan<string> files)
    {
        var texts = new List<PackText>();
        foreach (var file in files) texts.Add(new PackText($"{texts.Count}/pack.yaml", file));
        Assert.True(PackLibrary.TryLoad(texts, out var library, out var problems), string.Join('\n', problems));
        return library.Compile();
    }
}
