using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Protocol.Events;
using Scheduler.RulePacks;
using Scheduler.Simulation.V1;
using Scheduler.V1;
using DebtorKey = Scheduler.Domain.Debtors.DebtorKey;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The drill of docs/operations.md: load, a backup, more load, a crash, the backup in its place; nothing is leased until what was lost is settled.</summary>
public sealed class RestoreDrillTests : IDisposable
{
    private const int Debtors = 12;
    private const int Contacted = 8;

    private static readonly Metadata Told = new() { { "authorization", "Bearer development" } };
    private static readonly GatewayIdentity Gateway = new() { GatewayId = "gateway", InstanceId = "1" };
    private static readonly DateTimeOffset Restored = Portfolio.TuesdayMorning.AddMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private int _pulls;

    private string Database => Path.Combine(_folder.Path, "scheduler.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sent_again_what_was_placed_counts_and_nobody_is_contacted_beyond_the_law()
    {
        var lost = await LoseAsync();
        await using var host = await HostProcess.StartAsync(_folder.Path, Restored);
        using var channel = host.Connect();
        await NothingIsLeasedAsync(channel);

        await EnqueueAsync(channel, 0, Debtors);
        var report = await new DispatchService.DispatchServiceClient(channel).ReportOutcomesAsync(new() { Gateway = Gateway, Outcomes = { lost.Select(Placed) } }, Told);
        Assert.All(report.Results, static result => Assert.Equal(FactState.RecordedStale, result.State));
        await EndAsync(channel, RecoveryEnd.Resent);

        var leased = await PullAsync(channel, 100, TimeSpan.FromSeconds(20));
        Assert.NotEmpty(leased);
        // In Colombia one contact closes the day; the other law minds calls alone.
        var closed = lost.Select(static d => d.DebtorId).Where(IsColombian).ToList();
        Assert.NotEmpty(closed);
        Assert.Empty(leased.Select(static d => d.DebtorId).Intersect(closed));
        Assert.Empty(leased.Select(static d => d.DispatchId).Intersect(lost.Select(static d => d.DispatchId)));
        await EveryLeaseWasLawfulAsync(channel);
    }

    [Fact]
    public async Task Declared_the_gap_counts_against_everybody_known_until_the_rules_forget_it()
    {
        await LoseAsync();
        await using var host = await HostProcess.StartAsync(_folder.Path, Restored);
        using var channel = host.Connect();
        await NothingIsLeasedAsync(channel);

        await EndAsync(channel, RecoveryEnd.GapDeclared);
        await EnqueueAsync(channel, 100, 2);

        var today = await PullAsync(channel, 100, TimeSpan.FromSeconds(20));
        Assert.Contains(today, static d => d.DebtorId is "debtor-100");
        Assert.DoesNotContain(today, static d => IsColombian(d.DebtorId) && d.DebtorId is not "debtor-100");
        var isContacted = false;
        for (var day = 6; day < 20 && !isContacted; day++)
        {
            await new SimulationService.SimulationServiceClient(channel).AdvanceClockAsync(new() { ToTime = Timestamp.FromDateTimeOffset(Restored.AddDays(day)) }, Told);
            isContacted = (await PullAsync(channel, 100, TimeSpan.FromSeconds(3))).Exists(static d => IsColombian(d.DebtorId) && d.DebtorId is not "debtor-100");
        }

        Assert.True(isContacted, host.Log);
        await EveryLeaseWasLawfulAsync(channel);
    }

    /// <summary>Runs load, backs up, runs more, kills, and puts the backup in place. Answers what was placed and is lost.</summary>
    private async Task<List<Dispatch>> LoseAsync()
    {
        await using var host = await HostProcess.StartAsync(_folder.Path, Portfolio.TuesdayMorning);
        using var channel = host.Connect();
        await EnqueueAsync(channel, 0, Debtors / 2);
        var backup = Path.Combine(_folder.Path, "backup.db");
        await BackUpAsync(backup);

        await EnqueueAsync(channel, 0, Debtors);
        var placed = await PullAsync(channel, Contacted, TimeSpan.FromSeconds(20));
        var report = await new DispatchService.DispatchServiceClient(channel).ReportOutcomesAsync(new() { Gateway = Gateway, Outcomes = { placed.Select(Placed) } }, Told);
        Assert.All(report.Results, static result => Assert.Equal(FactState.Recorded, result.State));
        await MarkedAsync(channel);
        await host.KillAsync();

        foreach (var file in new[] { Database, Database + "-wal", Database + "-shm" }) File.Delete(file);
        File.Copy(backup, Database);
        return placed;
    }

    private async Task BackUpAsync(string path)
    {
        await using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ConnectionString);
        await database.OpenAsync(Cancel);
        await using var command = database.CreateCommand();
        command.CommandText = "vacuum into $path";
        command.Parameters.AddWithValue("$path", path);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>Until the mark outside of the database has come up with the log.</summary>
    private async Task MarkedAsync(GrpcChannel channel)
    {
        var mark = Path.Combine(_folder.Path, "keys", "recovery.mark");
        while (true)
        {
            var counts = await new OperationsService.OperationsServiceClient(channel).GetStatisticsAsync(new() { TenantId = Portfolio.Tenant }, Told, cancellationToken: Cancel);
            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(mark, Cancel));
            if (written.RootElement.GetProperty("cursor").GetInt64() >= counts.EventCount) return;
        }
    }

    private async Task NothingIsLeasedAsync(GrpcChannel channel)
    {
        var recovery = (await new RepairService.RepairServiceClient(channel).GetRecoveryAsync(new(), Told)).Recovery;
        Assert.Equal((true, RecoveryCause.LogEndsEarly), (recovery.Open, recovery.Cause));
        Assert.True(recovery.MarkedCursor > recovery.LastCursor);
        Assert.Empty(await PullAsync(channel, 100, TimeSpan.FromSeconds(2)));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new DispatchService.DispatchServiceClient(channel).AuthorizeContactAsync(
            new() { TenantId = Portfolio.Tenant, DebtorId = "debtor-0", Gateway = Gateway, Channel = ContactChannel.Sms, RequestId = "r-1" }, Told));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    private static async Task EndAsync(GrpcChannel channel, RecoveryEnd how)
    {
        var ended = await new RepairService.RepairServiceClient(channel).EndRecoveryAsync(new() { End = how, Actor = new() { Reason = "the drill" } }, Told);
        Assert.False(ended.Recovery.Open);
    }

    private static async Task EnqueueAsync(GrpcChannel channel, int first, int count)
    {
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        request.Entries.AddRange(Enumerable.Range(first, count).Select(static number => Portfolio.Entry(number, Portfolio.TuesdayMorning)));
        var answer = await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, Told);
        Assert.All(answer.Results, static r => Assert.True(r.State is EntryState.Accepted or EntryState.Unchanged, r.ToString()));
    }

    private async Task<List<Dispatch>> PullAsync(GrpcChannel channel, int count, TimeSpan wait)
    {
        var leased = new List<Dispatch>();
        var request = new PullDispatchesRequest
        {
            TenantIds = { Portfolio.Tenant },
            Gateway = Gateway,
            Channels = { ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Email },
            MaxDispatches = count,
            LeaseDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(60)),
            Wait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(wait),
        };
        while (leased.Count < count)
        {
            request.PullId = $"pull-{_pulls++}";
            request.MaxDispatches = count - leased.Count;
            var answer = await new DispatchService.DispatchServiceClient(channel).PullDispatchesAsync(request, Told);
            if (answer.Dispatches.Count == 0) return leased;
            leased.AddRange(answer.Dispatches);
            request.Wait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(2));
        }

        return leased;
    }

    private static bool IsColombian(string debtor) => int.Parse(debtor.AsSpan(debtor.IndexOf('-', StringComparison.Ordinal) + 1)) % 2 == 0;

    private static Outcome Placed(Dispatch dispatch) => new()
    {
        Lease = new LeaseRef { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken },
        Placed = new Placed { PlaceTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning), Disposition = Disposition.Accepted },
    };

    private static async Task EveryLeaseWasLawfulAsync(GrpcChannel channel)
    {
        var checker = new ComplianceChecker(PackLibrary.LoadShipped().FindVersion);
        using var feed = new OperationsService.OperationsServiceClient(channel).StreamEvents(new StreamEventsRequest { TenantId = Portfolio.Tenant }, Told);
        await foreach (var page in feed.ResponseStream.ReadAllAsync(Cancel))
        {
            foreach (var record in page.Records)
            {
                checker.Take(new AuditRecord(
                    record.Cursor, new DebtorKey(Portfolio.Tenant, record.DebtorId), Instant.FromDateTimeOffset(record.RecordTime.ToDateTimeOffset()),
                    record.Batch.Memory, EventCodec.Decode(record.Batch.Span).Events, record.ChainHash.Memory));
            }
        }

        var report = checker.Report();
        Assert.True(report.ViolationCount == 0, string.Join(Environment.NewLine, report.Violations.Take(10)));
        Assert.True(report.LeaseCount > 0);
    }
}
