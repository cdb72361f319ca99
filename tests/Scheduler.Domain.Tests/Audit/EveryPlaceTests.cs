using System.Security.Cryptography;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.Domain.Tests.Debtors;
using Scheduler.RulePacks;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>In every place that a shipped pack speaks of, whatever the service grants passes the audit by the packs of the time.</summary>
public sealed class EveryPlaceTests
{
    private const int Days = 45;

    private static readonly PackLibrary Library = PackLibrary.LoadShipped();

    private static readonly ContactChannel[] Channels =
        [ContactChannel.Call, ContactChannel.Sms, ContactChannel.Email, ContactChannel.Whatsapp, ContactChannel.Ivr, ContactChannel.VoicemailDrop];

    private static readonly Step[] Steps =
        [.. Enumerable.Range(0, Days).Select(static day => Step(day, Channels[day % Channels.Length], lapseAfterDays: 3) with { Mode = PlacementMode.Preview, WhileClosed = WhileClosed.NextLawful })];

    public static TheoryData<string, string, string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string, string, string>();
            foreach (var (pack, scope) in Library.Packs.Select(static shipped => (shipped.Pack.Id, shipped.Pack.Applies)).Where(static pack => pack.Applies.Channel is null))
            {
                if (scope.IsElsewhere) places.Add(pack, "AR", "", "");
                else if (scope.Country.Length > 0) places.Add(pack, scope.Country, scope.Region, scope.Municipality);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void What_is_granted_there_passes_the_audit(string pack, string country, string region, string municipality)
    {
        var random = new Random(StringComparer.Ordinal.Compare(pack, "") + (pack.Length * 31) + country[0]);
        var family = Library.Packs.FirstOrDefault(shipped => shipped.Pack.Id == pack)?.Family;
        var modes = family is null ? null : new Dictionary<string, string> { [family] = pack };
        var context = With(Steps) with { Policy = Library.Compile(epoch: 7, modes) };
        var run = new Run(context, Instant.FromUtc(2026, 10, 26, 12, 0));
        run.Enter(Resident(country, region, municipality));
        var leases = 0;
        for (var round = 0; round < Days * 6; round++)
        {
            run.Now += Duration.FromMinutes(random.Next(5, 400));
            leases += Act(run, random, round);
        }

        var checker = new ComplianceChecker(Library.FindVersion);
        var head = Array.Empty<byte>();
        foreach (var (recordedAt, events) in run.Log)
        {
            head = SHA256.HashData([.. head, 1]);
            checker.Take(new AuditRecord(checker.Report().RecordCount + 1, run.State.Key, recordedAt, new byte[] { 1 }, events, head));
        }

        Assert.Empty(checker.Report().Violations);
        Assert.True(leases > 0, $"nothing was leased: {run.State.Phase}, {run.State.Wake}");
    }

    private static int Act(Run run, Random random, int round)
    {
        var channel = Channels[random.Next(Channels.Length)];
        var lease = random.Next(3) switch
        {
            0 => run.Authorize(Unplanned(round, channel)).Lease,
            _ => run.Wake().Offer is { } offer ? run.TryLease(offer.Channel).Lease : null,
        };
        if (random.Next(20) == 0) run.Signal($"in-{round}", new SignalFact.Inbound { Intent = InboundIntent.Conversation, Point = Mobile, IsTwoWay = random.Next(2) == 0 }, channel);
        if (lease is null) return 0;
        run.Now += Duration.FromMinutes(1);
        if (random.Next(8) == 0) run.Report(lease, Run.NotPlaced());
        else run.Report(lease, run.Placed((Disposition)random.Next(2, 17), receipts: random.Next(2) == 0));
        if (random.Next(3) == 0) run.Receive(lease, (ReceiptKind)random.Next(1, 8));
        return 1;
    }

    private static AuthorizeCommand Unplanned(int round, ContactChannel channel) => new()
    {
        NextVersion = 0,
        PullId = $"authorize:{round}",
        Channel = channel,
        GatewayId = "desk",
        Mode = PlacementMode.Preview,
        Duration = Duration.FromMinutes(10),
    };

    private static EntryCommand Resident(string country, string region, string municipality)
    {
        var sample = Colombian();
        return sample with
        {
            Profile = new DebtorProfile { Locations = [new LocationEvidence(country, region, municipality, "", "", LocationSource.Debtor, null)] },
            Points =
            [
                Phone(address: "+999100200300") with { ConfirmedAt = Instant.FromUtc(2026, 10, 20, 12, 0) },
                new ContactPoint { Id = Mailbox, Kind = PointKind.Email, Address = "ana@example.org", Status = PointStatus.Confirmed, Place = PointPlace.Personal },
            ],
            Accounts = [Owed(Loan, oldestDueOn: new LocalDate(2026, 8, 1)) with { Collector = CollectorKind.Creditor, Stage = AccountStage.InCollection }],
            Consents = [Granted(Channels)],
        };
    }
}
