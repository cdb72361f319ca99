using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>What the real host tells of a whole lifecycle, read by others' programs.</summary>
public sealed partial class MetricsTests
{
    private const int Debtors = 6;

    private static CallOptions Call => new(new Metadata { { "authorization", "Bearer development" } }, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_scrape_of_a_whole_lifecycle_is_sound_agrees_with_the_statistics_and_reaches_a_prometheus()
    {
        using var folder = new TemporaryFolder();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        settings["Metrics__Port"] = "0";
        settings["Health__Port"] = "0";
        await using var host = await HostProcess.StartAsync(settings);
        using var channel = host.Connect();
        await LiveAsync(channel);
        var counts = await new OperationsService.OperationsServiceClient(channel).GetStatisticsAsync(new() { TenantId = Portfolio.Tenant }, Call);

        var (metrics, health) = await AddressesAsync(host);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(metrics, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("", await PrometheusServer.CheckAsync(text));
        Assert.Equal(0, Value(text, "contact_conservation_difference"));
        Assert.Equal(counts.ConservationDifference, Value(text, "contact_conservation_difference"));
        Assert.Equal(counts.AccountsInCount, Value(text, "contact_accounts_entered"));
        Assert.Equal(counts.AccountsInCount, Values(text, "contact_accounts").Sum());
        Assert.Equal(counts.DebtorsByState.Values.Sum(), Values(text, "contact_debtors").Sum());
        foreach (var (name, value) in counts.Counters.Where(static c => !c.Key.Contains('.', StringComparison.Ordinal) && !c.Key.StartsWith("commit_", StringComparison.Ordinal)))
        {
            Assert.Equal(value, Value(text, $"contact_{name}_total"));
        }

        Assert.Equal(Debtors, Value(text, "contact_events_total{type=\"lease.granted\"}"));
        Assert.Equal(Debtors, Value(text, "contact_facts_total{kind=\"outcome\",fate=\"recorded\"}"));
        Assert.Equal(Debtors, Values(text, "contact_release_lateness_seconds_count").Sum());
        Assert.Equal(Debtors, Values(text, "contact_lease_age_at_settle_seconds_count").Sum());
        Assert.Equal(Debtors, Value(text, "contact_events_total{type=\"contact.placed\"}"));
        Assert.Equal(Debtors, Value(text, "contact_pull_dispatches_sum"));
        Assert.Equal(1, Value(text, "contact_rpc_calls_total{method=\"/scheduler.v1.IngestService/EnqueueAccounts\",code=\"OK\"}"));
        Assert.True(Value(text, "contact_commit_rows_total") >= 3 * Debtors);
        Assert.DoesNotContain(Portfolio.Tenant, text);
        Assert.DoesNotContain("debtor-1", text);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(health, "/metrics"), TestContext.Current.CancellationToken)).StatusCode);

        await using var prometheus = await PrometheusServer.StartAsync(folder.Path, metrics);
        Assert.Equal(1, Assert.Single(await prometheus.QueryAsync("up == 1", "job")).Value);
        Assert.Equal(2 * Debtors, (await prometheus.QueryAsync("sum(contact_accounts)", "")).Values.Single());
        Assert.Equal(0, (await prometheus.QueryAsync("contact_accounts_entered - on() sum(contact_accounts)", "")).Values.Single());
        Assert.Equal(Debtors, (await prometheus.QueryAsync("contact_facts_total", "fate"))["recorded"]);
        Assert.True((await prometheus.QueryAsync("histogram_quantile(0.99, sum by (le, method) (contact_rpc_duration_seconds_bucket))", "method")).Count >= 3);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task A_collector_is_sent_metrics_and_the_spans_of_a_lifecycle()
    {
        using var folder = new TemporaryFolder();
        using var collector = new CollectorStub();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        settings["Otlp__Endpoint"] = collector.Address;
        settings["Otlp__Protocol"] = "HttpProtobuf";
        settings["Otlp__SampleRatio"] = "1";
        await using var host = await HostProcess.StartAsync(settings);
        using (var channel = host.Connect()) await LiveAsync(channel);
        Assert.Equal(0, await host.StopAsync());
        Assert.Contains("contact_events_total", collector.Of("/v1/metrics"));
        Assert.Contains("contact_conservation_difference", collector.Of("/v1/metrics"));
        var spans = collector.Of("/v1/traces");
        Assert.All((string[])["entry", "lease", "outcome", "contact.dispatch_id", "scheduler.v1.IngestService/EnqueueAccounts"], name => Assert.Contains(name, spans));
    }

    private static async Task LiveAsync(ChannelBase channel)
    {
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        for (var number = 1; number <= Debtors; number++) request.Entries.Add(Portfolio.Entry(2 * number, Portfolio.TuesdayMorning));
        await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, Call);
        var dispatches = new DispatchService.DispatchServiceClient(channel);
        var gateway = new GatewayIdentity { GatewayId = "gateway", InstanceId = "one" };
        var leased = new List<Dispatch>();
        for (var pull = 1; leased.Count < Debtors; pull++)
        {
            leased.AddRange((await dispatches.PullDispatchesAsync(
                new() { Gateway = gateway, Channels = { ContactChannel.Whatsapp, ContactChannel.Sms }, MaxDispatches = 10, PullId = $"pull-{pull}", Wait = new Duration { Seconds = 5 } }, Call)).Dispatches);
        }

        var report = new ReportOutcomesRequest { Gateway = gateway };
        report.Outcomes.AddRange(leased.Select(static dispatch => new Outcome
        {
            Lease = new LeaseRef { TenantId = dispatch.TenantId, DebtorId = dispatch.DebtorId, DispatchId = dispatch.DispatchId, LeaseToken = dispatch.LeaseToken },
            Placed = new Placed { PlaceTime = Timestamp.FromDateTimeOffset(Portfolio.TuesdayMorning), Disposition = Disposition.Accepted },
        }));
        Assert.All((await dispatches.ReportOutcomesAsync(report, Call)).Results, static result => Assert.Equal(FactState.Recorded, result.State));
    }

    /// <summary>From the log's one line on metrics; health is asked on the port that stands before it.</summary>
    private static async Task<(Uri Metrics, Uri Health)> AddressesAsync(HostProcess host)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (Told().Match(host.Log) is { Success: true } told) return (new Uri(told.Groups[1].Value), new Uri(told.Groups[2].Value));
            await Task.Yield();
        }
    }

    private static double Value(string text, string series) => Assert.Single(Values(text, series));

    private static IEnumerable<double> Values(string text, string series) => text.Split('\n')
        .Where(line => line.StartsWith(series, StringComparison.Ordinal) && (line[series.Length] == ' ' || line[series.Length] == '{'))
        .Select(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    [GeneratedRegex("Metrics are at (http[^ \"]+), health at (http[^ \"]+)")]
    private static partial Regex Told();
}
