using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks;

namespace Scheduler.Benchmarks;

/// <summary>A debtor with five contacts who lives where a pack applies, an instant at which a contact is permitted, and one at which it is not yet.</summary>
public sealed record VerdictSubject(string Name, PolicySnapshot Policy, DebtorState Debtor, ContactChannel Channel, ImmutableArray<string> Notices, Instant Open, Instant Closed)
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 18, 0, 0);
    private static readonly ContactChannel[] Channels = [ContactChannel.Call, ContactChannel.Email, ContactChannel.Sms, ContactChannel.Whatsapp, ContactChannel.Letter, ContactChannel.Inbox, ContactChannel.Push];

    /// <summary>One for each shipped pack, as the one of its family in force, and one with three packs over two countries.</summary>
    public static IEnumerable<VerdictSubject> All()
    {
        var library = PackLibrary.LoadShipped();
        foreach (var shipped in library.Packs)
        {
            var applies = shipped.Pack.Applies;
            var country = applies.Country.Length > 0 ? applies.Country : applies.IsElsewhere ? "PA" : "MX";
            var policy = library.Compile(modes: new Dictionary<string, string> { [shipped.Family] = shipped.Pack.Id });
            yield return Permitted(shipped.Pack.Id, policy, Living(new LocationEvidence(country, applies.Region, applies.Municipality, "", "", LocationSource.Residence, null)));
        }

        string[] packs = ["CO.strict", "CO.literal", "US"];
        var three = new PolicySnapshot(1, [.. library.Packs.Select(pack => pack.Pack).Where(pack => packs.Contains(pack.Id))], library.Zones, [], PackLibrary.DefaultMargins);
        yield return Permitted("3 packs, 2 countries", three, Living(Residence("CO", ""), Residence("US", "NY")));
    }

    public PolicyQuestion Question => new()
    {
        Debtor = Debtor,
        Channel = Channel,
        Point = Debtor.Points[0],
        Accounts = Debtor.Accounts,
        At = Open,
        Purpose = ContactPurpose.Collection,
        Mode = PlacementMode.Preview,
        Role = PartyRole.Principal,
        Notices = Notices,
        Promotes = false,
    };

    public override string ToString() => Name;

    /// <summary>The first channel through which the debtor may be contacted in two weeks.</summary>
    private static VerdictSubject Permitted(string name, PolicySnapshot policy, DebtorState debtor)
    {
        foreach (var channel in Channels)
        {
            var subject = new VerdictSubject(name, policy, debtor, channel, [], Start, Start);
            subject = subject with { Notices = PolicyEvaluator.RequiredNotices(subject.Question, policy) };
            if (PolicyEvaluator.NextOpening(subject.Question, policy, Start, Duration.FromDays(14)) is not { } open) continue;
            subject = subject with { Open = open };
            return subject with { Closed = PolicyEvaluator.Evaluate(subject.Question, policy).At };
        }

        throw new InvalidOperationException($"No contact is permitted under {name}.");
    }

    private static LocationEvidence Residence(string country, string region) => new(country, region, "", "", "", LocationSource.Residence, null);

    private static DebtorState Living(params ReadOnlySpan<LocationEvidence> places) => new()
    {
        Key = new DebtorKey("t", "d1"),
        Profile = DebtorProfile.Empty with { Locations = [.. places] },
        Points = [new ContactPoint { Id = new("p1"), Kind = PointKind.Mobile, Address = "handle", Place = PointPlace.Personal, Status = PointStatus.Confirmed, ConfirmedAt = Instant.FromUtc(2026, 11, 1, 0, 0) }],
        Accounts = [new Account { Id = new("A"), CreditorId = "lender", Collector = CollectorKind.ThirdParty, Product = "credit_card", Stage = AccountStage.InCollection, ContractOn = new LocalDate(2024, 1, 15), OldestDueOn = new LocalDate(2026, 8, 1) }],
        Consents = [new ConsentFact { Id = "k0", Kind = ConsentKind.Granted, GivenAt = Instant.FromUtc(2024, 1, 5, 15, 0), Instrument = ConsentInstrument.Separate, GivenDirectly = true }],
        Contacts = [.. Enumerable.Range(0, 5).Select(Contact)],
    };

    /// <summary>Calls to a line that did not answer, in the week before.</summary>
    private static ContactRecord Contact(int index)
    {
        var at = Instant.FromUtc(2026, 11, 11 + index, 15, 0);
        return new ContactRecord
        {
            Id = $"c{index}",
            Channel = ContactChannel.Call,
            Point = new("p1"),
            Place = PointPlace.Personal,
            Accounts = [new("A")],
            CreditorId = "lender",
            PlacedAt = at,
            FirstDate = at.InUtc().Date,
            LastDate = at.InUtc().Date,
            Facts = new ContactFacts { Placed = true, Delivered = false, TwoWay = false },
            Standing = ContactStanding.Settled,
        };
    }
}
