using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.PostgresKit;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.RulePacks;
using Scheduler.V1;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;

namespace Scheduler.EndToEnd.Tests;

/// <summary>kill -9 at random moments of a load, then the whole log is read back and held against what was acknowledged.</summary>
public sealed class KillTests(AssemblyServer servers)
{
    private const int Debtors = 1_000;

    [Theory]
    [InlineData(Database.Sqlite, 10)]
    [InlineData(Database.Postgres, 5)]
    public async Task Killed_again_and_again_under_load_nothing_acknowledged_is_lost_and_no_rule_is_broken(Database database, int kills)
    {
        using var folder = new TemporaryFolder();
        await using var host = new LiveHost(folder.Path, Portfolio.TuesdayMorning, TimeSpan.FromMinutes(3), await database.SettingsAsync(servers));
        await host.StartAsync();
        var load = new CrashLoad(host, Debtors);
        Task[] clients = [load.EnqueueAllAsync(), load.ServeAsync("gateway-a"), load.ServeAsync("gateway-b"), load.ServeAsync("gateway-c")];

        var moments = new Random(20261117);
        for (var kill = 0; kill < kills; kill++)
        {
            var loadIsOver = Task.WhenAll(clients);
            await Task.WhenAny(host.AfterAnswersAsync(moments.Next(3, 30)), loadIsOver);
            await host.KillAndRestartAsync();
        }

        await Task.WhenAll(clients);
        await host.KillAndRestartAsync();
        await new CrashLoad(host, 0).DrainAsync("gateway-last");

        Assert.Empty(load.HeldTwice);
        Assert.Equal(Debtors, load.AcknowledgedDebtors.Count);
        var log = await ReadLogAsync(host);
        await EveryAcknowledgedDebtorStandsAsync(host, load);
        EveryAcknowledgedOutcomeIsRecordedOnce(load, log);
        NothingIsLeasedAfterItsHold(load, log);
        var counts = await host.CallAsync((i, o) => new OperationsService.OperationsServiceClient(i).GetStatisticsAsync(new GetStatisticsRequest { TenantId = Portfolio.Tenant }, o));
        Assert.Equal(0, counts.ConservationDifference);
        Assert.Equal(Debtors * 2, counts.AccountsInCount);
        Assert.Equal(0, await host.Process.StopAsync());
    }

    private static async Task<List<AuditRecord>> ReadLogAsync(LiveHost host)
    {
        var checker = new ComplianceChecker(PackLibrary.LoadShipped().FindVersion);
        var log = new List<AuditRecord>();
        using var channel = host.Process.Connect();
        using var feed = new OperationsService.OperationsServiceClient(channel).StreamEvents(
            new StreamEventsRequest { TenantId = Portfolio.Tenant }, new Metadata { { "authorization", "Bearer development" } });
        await foreach (var page in feed.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            foreach (var record in page.Records.Select(Read))
            {
                checker.Take(record);
                log.Add(record);
            }
        }

        var report = checker.Report();
        Assert.True(report.ViolationCount == 0, string.Join(Environment.NewLine, report.Violations.Take(10)));
        Assert.True(report.LeaseCount >= Debtors / 2, $"only {report.LeaseCount} leases: the load did not load");
        return log;
    }

    private static AuditRecord Read(EventRecord record) => new(
        record.Cursor, new DebtorKey(Portfolio.Tenant, record.DebtorId), Instant.FromDateTimeOffset(record.RecordTime.ToDateTimeOffset()),
        record.Batch.Memory, EventCodec.Decode(record.Batch.Span).Events, record.ChainHash.Memory);

    private static async Task EveryAcknowledgedDebtorStandsAsync(LiveHost host, CrashLoad load)
    {
        foreach (var id in load.AcknowledgedDebtors)
        {
            var request = new GetDebtorRequest { TenantId = Portfolio.Tenant, DebtorId = id };
            var debtor = (await host.CallAsync((i, o) => new DebtorService.DebtorServiceClient(i).GetDebtorAsync(request, o))).Debtor;
            Assert.Equal(2, debtor.Accounts.Count);
            if (debtor.State is V1.DebtorState.Waiting or V1.DebtorState.Ready or V1.DebtorState.Leased) Assert.True(debtor.WakeTime is not null, $"{id} has no wake: {debtor}");
        }
    }

    private static void EveryAcknowledgedOutcomeIsRecordedOnce(CrashLoad load, List<AuditRecord> log)
    {
        var recorded = log.SelectMany(r => r.Events).OfType<DebtorEvent.ContactPlaced>().GroupBy(e => e.Contact.Id).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(load.AcknowledgedOutcomes, id => Assert.Equal(1, recorded.GetValueOrDefault(id)));
        Assert.All(recorded, pair => Assert.Equal(1, pair.Value));
    }

    private static void NothingIsLeasedAfterItsHold(CrashLoad load, List<AuditRecord> log)
    {
        Assert.NotEmpty(load.AcknowledgedHolds);
        foreach (var debtor in load.AcknowledgedHolds)
        {
            var history = log.Where(r => r.Debtor.Debtor == debtor).OrderBy(r => r.Cursor).SelectMany(r => r.Events).ToList();
            var held = history.FindIndex(e => e is DebtorEvent.HoldPlaced);
            Assert.True(held >= 0, $"{debtor}: the acknowledged hold is lost");
            Assert.DoesNotContain(history.Skip(held), e => e is DebtorEvent.Leased);
        }
    }
}
