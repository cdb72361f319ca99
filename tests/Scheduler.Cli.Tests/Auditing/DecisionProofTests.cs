using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Events;
using Scheduler.Protocol.Reports;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Strategies;

namespace Scheduler.Cli.Tests.Auditing;

/// <summary>What a decision leaves in the log: small enough to be kept for years, and told to whoever reads the report.</summary>
public sealed class DecisionProofTests
{
    private static readonly PackLibrary Library = PackLibrary.LoadShipped();
    private static readonly DecisionContext Context = new(Library.Compile(epoch: 7), StrategyLibrary.LoadShipped(), LeaseTerms.Default);
    private static readonly Instant Morning = Instant.FromUtc(2026, 11, 18, 15, 0);

    [Theory]
    [InlineData(1200, "CO")]
    [InlineData(2400, "CO", "US-NY")]
    public void The_record_of_a_grant_stays_small(int bytes, params string[] places)
    {
        var leased = Grant(places);
        var bare = leased with { Proof = leased.Proof with { Rules = [], RuleCount = 0, InputsDigest = 0 } };

        Assert.NotEmpty(leased.Proof.Rules);
        Assert.InRange(Size(leased), Size(bare) + 100, bytes);
    }

    [Fact]
    public void The_record_of_a_refusal_stays_small()
    {
        var proof = PolicyEvaluator.Prove(Question(Living("CO", "US-NY"), Instant.FromUtc(2026, 11, 22, 4, 0)), Context.Policy);
        var leased = Grant("CO", "US-NY").Proof;
        var refused = new DebtorEvent.ContactRefused(Morning, new("A"), "call", ContactChannel.Call, "CO.hours", Morning, new RefusalProof
        {
            PolicyEpoch = 7,
            ZoneDataVersion = leased.ZoneDataVersion,
            PackVersions = leased.PackVersions,
            Zones = leased.Zones,
            Rules = proof.Rules.RemoveAll(static rule => !rule.IsRefusal),
            RuleCount = proof.RuleCount,
            InputsDigest = proof.InputsDigest,
        });

        Assert.True(refused.Proof!.Rules.Length > 1);
        Assert.InRange(Size(refused), 100, 1200);
    }

    [Fact]
    public void The_report_tells_the_rules_of_each_decision_with_their_counters()
    {
        var leased = Grant("CO");
        var refusal = new RuleProof("CO.week_rolling") { IsRefusal = true, Until = Morning, Counter = new CounterProof(1, 1, 1, "7 local days") };
        var refused = new DebtorEvent.ContactRefused(Morning, new("A"), "call", ContactChannel.Call, "CO.week_rolling", Morning, new RefusalProof
        {
            PolicyEpoch = 7,
            ZoneDataVersion = "2026a",
            PackVersions = ["CO.strict@1"],
            Rules = [refusal, new RuleProof("hold.dispute") { IsRefusal = true }],
            RuleCount = 12,
        });
        var report = new EvidenceReport
        {
            Debtor = new V1.Debtor { TenantId = "t", DebtorId = "d1" },
            Events = [new(1, 1, Morning, leased, "aa"), new(2, 2, Morning, refused, "bb")],
            GeneratedAt = Morning,
            Rules = RuleCitations.Of(version => Library.Packs.FirstOrDefault(one => one.Pack.Version == version)?.Pack, [leased, refused]),
        };
        var page = EvidencePage.Write(report);

        Assert.Contains("CO.week_rolling: 0 of 1 in 7 local days", page, StringComparison.Ordinal);
        Assert.Contains(
            "Refused by CO.week_rolling: 1 of 1 in 7 local days, 1 of them not settled, permits at 2026-11-18 15:00:00Z; hold.dispute: until a new fact; of 12 rules that bind.",
            page,
            StringComparison.Ordinal);
        var json = EvidenceJson.Write(report);
        Assert.Contains("\"inputs_digest\"", json, StringComparison.Ordinal);
        Assert.Contains("\"used\": 1", json, StringComparison.Ordinal);
    }

    private static int Size(DebtorEvent one) => EventCodec.Encode(new EventBatch(1, Morning, [one])).Length;

    private static DebtorEvent.Leased Grant(params string[] places)
    {
        var command = new AuthorizeCommand { NextVersion = 12, PullId = "pull-0001", Channel = ContactChannel.Call, GatewayId = "dialler-1", AgentId = "agent-17", Mode = PlacementMode.Preview, Duration = Duration.FromMinutes(10) };
        var decision = DebtorDecider.Authorize(Living(places), command, Context, Morning);
        return Assert.Single(decision.Events.OfType<DebtorEvent.Leased>());
    }

    private static PolicyQuestion Question(DebtorState debtor, Instant at) => new()
    {
        Debtor = debtor,
        Channel = ContactChannel.Call,
        Point = debtor.Points[0],
        Accounts = debtor.Accounts,
        At = at,
        Purpose = ContactPurpose.Collection,
        Mode = PlacementMode.Preview,
        Role = PartyRole.Principal,
    };

    private static DebtorState Living(params string[] places) => new()
    {
        Key = new DebtorKey("t", "debtor-0001"),
        Profile = DebtorProfile.Empty with
        {
            Locations = [.. places.Select(static place => new LocationEvidence(place[..2], place.Length > 3 ? place[3..] : "", "", "", "", LocationSource.Residence, null))],
        },
        Points = [new ContactPoint { Id = new("p1"), Kind = PointKind.Mobile, Address = "handle", Place = PointPlace.Personal, Status = PointStatus.Confirmed, ConfirmedAt = Morning - Duration.FromDays(10) }],
        Accounts = [new Account { Id = new("A"), CreditorId = "lender", Collector = CollectorKind.ThirdParty, Product = "credit_card", Stage = AccountStage.InCollection, ContractOn = new LocalDate(2024, 1, 15), EnteredAt = Morning - Duration.FromDays(30) }],
        Consents = [new ConsentFact { Id = "k0", Kind = ConsentKind.Granted, GivenAt = Instant.FromUtc(2024, 1, 5, 15, 0), Instrument = ConsentInstrument.Separate, GivenDirectly = true }],
    };
}
