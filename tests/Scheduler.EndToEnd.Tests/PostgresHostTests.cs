using Scheduler.PostgresKit;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The real host on PostgreSQL: its schema, its lock, and what an operator is told.</summary>
public sealed class PostgresHostTests(AssemblyServer servers)
{
    [Fact]
    public async Task A_schema_is_migrated_by_command_and_the_host_serves_on_it_alone()
    {
        using var folder = new TemporaryFolder();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        foreach (var (name, value) in await Database.Postgres.SettingsAsync(servers)) settings[name] = value;
        settings["Storage__Postgres__MigratesAtStart"] = "false";
        var (unready, lacking) = await HostProcess.RefusedAsync(settings);
        Assert.Equal(3, unready);
        Assert.Contains("scheduler migrate", lacking);

        string[] database = ["Storage:Provider=Postgres", $"Storage:Postgres:ConnectionString={settings["Storage__Postgres__ConnectionString"]}"];
        var (migrated, told) = await CommandLineProcess.RunAsync(["migrate", "--", .. database]);
        Assert.True(migrated == 0, told);
        Assert.Contains("applied migration 1", told);

        await using var host = await HostProcess.StartAsync(settings);
        var (second, taken) = await HostProcess.RefusedAsync(settings);
        Assert.Equal(3, second);
        Assert.Contains("in use by another host", taken);
        await EnqueueAsync(host);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task A_host_without_its_server_is_refused_in_one_sentence()
    {
        using var folder = new TemporaryFolder();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        settings["Storage__Provider"] = "Postgres";
        var (unnamed, lacking) = await HostProcess.RefusedAsync(settings);
        Assert.Equal((2, true), (unnamed, lacking.Contains("Storage:Postgres:ConnectionString", StringComparison.Ordinal)));

        settings["Storage__Postgres__ConnectionString"] = $"Host={folder.Path};Database=none";
        var (unreached, said) = await HostProcess.RefusedAsync(settings);
        Assert.Equal((3, true), (unreached, said.Contains("cannot be opened", StringComparison.Ordinal)));
    }

    private static async Task EnqueueAsync(HostProcess host)
    {
        using var channel = host.Connect();
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        request.Entries.AddRange(Enumerable.Range(0, 20).Select(static number => Portfolio.Entry(number, Portfolio.TuesdayMorning)));
        var answer = await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, new Grpc.Core.Metadata { { "authorization", "Bearer development" } });
        Assert.All(answer.Results, static result => Assert.Equal(EntryState.Accepted, result.State));
    }
}
