using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks;

namespace Scheduler.Benchmarks;

/// <summary>
/// What one verdict costs. Prints one line per situation: nanoseconds and bytes for each. Rounds are shorter than a time slice, so that
/// other work on the machine spoils some of them and not all: the median is printed, and the quietest twentieth beside it.
/// </summary>
public static class VerdictBenchmarks
{
    private const int Rounds = 400;
    private const int RunsOfRound = 1_000;

    public static int Run(int scale)
    {
        var library = PackLibrary.LoadShipped();
        var policy = library.Compile();
        var three = new PolicySnapshot(1, [.. policy.Packs, library.Packs.Single(pack => pack.Pack.Id == "CO.literal").Pack], library.Zones, [], PackLibrary.DefaultMargins);
        var open = Instant.FromUtc(2026, 11, 18, 15, 0);
        var night = Instant.FromUtc(2026, 11, 21, 3, 0);
        Measure("permit, Colombia, empty history", policy, Debtor(0, "CO"), ContactChannel.Call, open, scale);
        Measure("permit, Colombia, 5 contacts", policy, Debtor(5, "CO"), ContactChannel.Call, open, scale);
        Measure("permit, United States, one zone, 5 contacts", policy, Debtor(5, "US-NY"), ContactChannel.Call, open, scale);
        Measure("permit, 3 packs, two countries, 5 contacts", three, Debtor(5, "CO", "US-NY"), ContactChannel.Call, open, scale);
        Measure("permit, United States, every zone", policy, Debtor(5, "US"), ContactChannel.Call, Instant.FromUtc(2026, 11, 18, 23, 0), scale);
        MeasurePlace("place of a debtor just read, a country", policy, Debtor(0, "CO"), scale);
        MeasurePlace("place of a debtor just read, two regions", policy, Debtor(0, "US-NY", "US-CA"), scale);
        MeasurePlace("place of a debtor just read, every zone", policy, Debtor(0, "US"), scale);
        Measure("next permitted, Colombia, Friday night", policy, Debtor(5, "CO"), ContactChannel.Call, night, scale);
        Measure("next permitted, 3 packs, two countries", three, Debtor(5, "CO", "US-NY"), ContactChannel.Call, night, scale);
        Measure("next permitted, Colombia, closed for a week", policy, Closed(Debtor(0, "CO"), open), ContactChannel.Sms, open, scale);
        return 0;
    }

    private static void Measure(string name, PolicySnapshot policy, DebtorState debtor, ContactChannel channel, Instant at, int scale)
    {
        var question = new PolicyQuestion
        {
            Debtor = debtor,
            Channel = channel,
            Point = debtor.Points[0],
            Accounts = debtor.Accounts,
            At = at,
            Purpose = ContactPurpose.Collection,
            Mode = PlacementMode.Preview,
            Role = PartyRole.Principal,
            Notices = ["OPT_OUT"],
        };
        var rounds = new double[Rounds * scale];
        var kind = PolicyEvaluator.Evaluate(question, policy).Kind;
        for (var warm = 0; warm < 100_000; warm++) PolicyEvaluator.Evaluate(question, policy);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < rounds.Length; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var run = 0; run < RunsOfRound; run++) PolicyEvaluator.Evaluate(question, policy);
            rounds[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / RunsOfRound;
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / ((long)rounds.Length * RunsOfRound);
        Print(name, kind.ToString(), rounds, bytes);
    }

    private static void MeasurePlace(string name, PolicySnapshot policy, DebtorState debtor, int scale)
    {
        var rounds = new double[Rounds * scale];
        var states = new DebtorState[RunsOfRound];
        var bytes = 0L;
        for (var round = 0; round < rounds.Length; round++)
        {
            for (var run = 0; run < RunsOfRound; run++) states[run] = debtor with { Points = [.. debtor.Points] };
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            foreach (var state in states) policy.CandidatesOf(state);
            rounds[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / RunsOfRound;
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / RunsOfRound;
        }

        Print(name, "", rounds, bytes);
    }

    private static void Print(string name, string kind, double[] rounds, long bytes)
    {
        Array.Sort(rounds);
        Console.WriteLine($"{name,-46} {kind,-7} median {rounds[rounds.Length / 2],8:F0} ns   quiet {rounds[rounds.Length / 20],8:F0} ns {bytes,6} B");
    }

    private static DebtorState Closed(DebtorState debtor, Instant at) => debtor with
    {
        Contacts = [Contact("c1", ContactChannel.Whatsapp, at - Duration.FromHours(1), new ContactFacts { Placed = true, Delivered = true, TwoWay = true })],
    };

    private static DebtorState Debtor(int contacts, params string[] places) => new()
    {
        Key = new DebtorKey("t", "d1"),
        Profile = DebtorProfile.Empty with { Locations = [.. places.Select(place => new LocationEvidence(place[..2], place.Length > 3 ? place[3..] : "", "", "", "", LocationSource.Residence, null))] },
        Points = [new ContactPoint { Id = new("p1"), Kind = PointKind.Mobile, Address = "handle", Place = PointPlace.Personal, Status = PointStatus.Confirmed, ConfirmedAt = Instant.FromUtc(2026, 11, 1, 0, 0) }],
        Accounts = [new Account { Id = new("A"), CreditorId = "lender", Collector = CollectorKind.ThirdParty, Product = "credit_card", Stage = AccountStage.InCollection, ContractOn = new LocalDate(2024, 1, 15) }],
        Consents = [new ConsentFact { Id = "k0", Kind = ConsentKind.Granted, GivenAt = Instant.FromUtc(2024, 1, 5, 15, 0), Instrument = ConsentInstrument.Separate, GivenDirectly = true }],
        Contacts = [.. Enumerable.Range(0, contacts).Select(index => Contact($"c{index}", ContactChannel.Call, Instant.FromUtc(2026, 11, 13 + (index % 5), 15, 0), new ContactFacts { Placed = true, Delivered = false, TwoWay = false })).OrderBy(contact => contact.PlacedAt)],
    };

    private static ContactRecord Contact(string id, ContactChannel channel, Instant at, ContactFacts facts) => new()
    {
        Id = id,
        Channel = channel,
        Point = new("p1"),
        Place = PointPlace.Personal,
        Accounts = [new("A")],
        CreditorId = "lender",
        PlacedAt = at,
        FirstDate = at.InUtc().Date,
        LastDate = at.InUtc().Date,
        Facts = facts,
        Standing = ContactStanding.Settled,
    };
}
