using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>Leases under an uploaded pack, an overlay and closed dates are judged again by those very texts, and cited from them.</summary>
public sealed class ChangedLawAuditTests
{
    /// <summary>In the place of Colombia's: whoever collects, from nine to eleven and one message a day.</summary>
    private const string Pack = """
        schema: 2
        packs:
          - id: CO.ours
            title: Colombia, our reading
            applies: {country: CO}
            rules:
              - {id: CO.ours_hours, type: window, judged_at: [placed, delivered], week: {mon-fri: "09:00-11:00"}, source: "our lawyers, 2026"}
              - {id: CO.ours_day, type: cap, limit: 1, period: {local_days: 1}, scope: [person], counts: {placed: true}, source: "our lawyers, 2026"}
        """;

    private const string Cases = """
        | case | mode | contact | at | place | given | expected | rule | source |
        |---|---|---|---|---|---|---|---|---|
        | in the morning | - | call | Tue 2026-11-17 10:00 | CO | - | permit until 11:00 | - | made up |
        | too early | - | call | Tue 2026-11-17 08:59:59 | CO | - | defer Tue 2026-11-17 09:00 | CO.ours_hours | made up |
        """;

    private const string Overlay = """
        schema: 2
        packs:
          - id: house.no_sms
            title: House rule
            overlay: true
            applies: {}
            rules:
              - {id: house.no_sms, type: forbid, governs: {channels: [sms]}, source: "house rule of the board", source_kind: design}
        """;

    private static readonly Actor Officer = new() { ActorId = "officer", Reason = "inspection" };

    private static CallOptions Call => new(new Metadata { { "authorization", "Bearer development" } }, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_audit_under_changed_law_is_clean_cites_it_and_finds_a_lease_that_it_forbids()
    {
        using var folder = new TemporaryFolder();
        string debtor;
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            using var channel = host.Connect();
            await ChangeAsync(new PolicyService.PolicyServiceClient(channel));
            var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
            for (var number = 2; number <= 6; number += 2) request.Entries.Add(Portfolio.Entry(number, Portfolio.TuesdayMorning));
            await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, Call);
            var pulled = await PullAsync(channel);
            Assert.NotEmpty(pulled.Dispatches);
            Assert.All(pulled.Dispatches, static one => Assert.Contains(one.Verdict.PackVersions, static version => version.StartsWith("closed.CO@", StringComparison.Ordinal)));
            debtor = pulled.Dispatches[0].DebtorId;

            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify");
            Assert.True(code == 0, said);
            Assert.DoesNotContain("not at hand", said);
            var (exported, report) = await CommandLineProcess.RunAsync(host, "audit", "export", "--debtor", debtor, "--format", "json");
            Assert.True(exported == 0, report);
            foreach (var rule in new[] { "CO.ours_hours", "house.no_sms", "closed.CO.2026-11-16" }) Assert.Contains($"\"{rule}\"", Cited(report));
            Assert.Equal(0, await host.StopAsync());
        }

        // The same lease three hours later: our reading alone forbids it, since the law that ships permits until seven.
        Move(Path.Combine(folder.Path, "scheduler.db"), debtor, TimeSpan.FromHours(3));
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--json");
            Assert.True(code == 1, said);
            var findings = JsonDocument.Parse(said).RootElement.GetProperty("findings").EnumerateArray().ToList();
            Assert.Contains(findings, f => f.GetProperty("kind").GetString() == "outside_window" && f.GetProperty("detail").GetString()!.Contains("CO.ours_hours", StringComparison.Ordinal));
            Assert.Equal(0, await host.StopAsync());
        }
    }

    /// <summary>The rules cited, not the decisions that name them.</summary>
    private static string Cited(string report) => JsonDocument.Parse(report).RootElement.GetProperty("rules").GetRawText();

    private static async Task ChangeAsync(PolicyService.PolicyServiceClient policy)
    {
        var pack = await policy.CreatePackVersionAsync(new() { TenantId = Portfolio.Tenant, DefinitionYaml = Pack, CasesMarkdown = Cases, Actor = Officer }, Call);
        Assert.True(pack.PackVersions.Count == 1, pack.ToString());
        var overlay = await policy.CreatePackVersionAsync(new() { TenantId = Portfolio.Tenant, DefinitionYaml = Overlay, Actor = Officer }, Call);
        var known = await policy.ListPacksAsync(new() { TenantId = Portfolio.Tenant, ActiveOnly = true }, Call);
        var others = known.Packs.Select(static one => one.PackVersion).Where(static version => !version.StartsWith("CO.", StringComparison.Ordinal));
        await policy.ActivatePolicyAsync(
            new() { TenantId = Portfolio.Tenant, PackVersions = { others, pack.PackVersions, overlay.PackVersions }, Etag = known.Etag, Actor = Officer, RequestId = "ours" }, Call);
        var closed = new ClosedDate { Date = new() { Year = 2026, Month = 11, Day = 16 }, CountryCode = "CO", Name = "Duelo", Source = "Decreto 7" };
        await policy.AddClosedDatesAsync(new() { Dates = { closed }, Actor = Officer, RequestId = "mourning" }, Call);
    }

    private static async Task<PullDispatchesResponse> PullAsync(ChannelBase channel) => await new DispatchService.DispatchServiceClient(channel).PullDispatchesAsync(
        new()
        {
            Gateway = new GatewayIdentity { GatewayId = "gateway", InstanceId = "one" },
            Channels = { ContactChannel.Whatsapp },
            MaxDispatches = 10,
            PullId = "morning",
            LeaseDuration = new() { Seconds = 120 },
            Wait = new() { Seconds = 5 },
        },
        Call);

    /// <summary>What a hand that knows the format does: the lease's record is written anew at another time, and the chain after it with it.</summary>
    private static void Move(string path, string debtor, TimeSpan by)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        database.Open();
        var id = $"{Portfolio.Tenant}/{debtor}";
        var rows = new List<(long Seq, byte[] Payload)>();
        using (var read = database.CreateCommand())
        {
            read.CommandText = "select seq, payload from events where id = $id order by seq";
            read.Parameters.AddWithValue("$id", id);
            using var row = read.ExecuteReader();
            while (row.Read()) rows.Add((row.GetInt64(0), row.GetFieldValue<byte[]>(1)));
        }

        byte[] head = [];
        foreach (var (seq, payload) in rows)
        {
            var batch = DebtorEventBatch.Parser.ParseFrom(payload);
            foreach (var leased in batch.Events.Where(static one => one.EventCase == DebtorEvent.EventOneofCase.LeaseGranted)) leased.OccurTime.Seconds += (long)by.TotalSeconds;

            var written = batch.ToByteArray();
            head = SHA256.HashData([.. head, .. written]);
            using var change = database.CreateCommand();
            change.CommandText = "update events set payload = $payload, chain = $chain where seq = $seq";
            change.Parameters.AddWithValue("$payload", written);
            change.Parameters.AddWithValue("$chain", head);
            change.Parameters.AddWithValue("$seq", seq);
            Assert.Equal(1, change.ExecuteNonQuery());
        }
    }
}
