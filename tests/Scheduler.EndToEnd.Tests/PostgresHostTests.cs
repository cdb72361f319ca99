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
    public async Task On_a_full_disk_callers_are_told_when_to_come_back_and_nothing_acknowledged_is_lost()
    {
        using var folder = new TemporaryFolder();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        foreach (var (name, value) in await Database.Postgres.SettingsAsync(servers)) settings[name] = value;
        await using var host = await HostProcess.StartAsync(settings);
        using var channel = host.Connect();
        var ingest = new IngestService.IngestServiceClient(channel);
        Assert.All((await ingest.EnqueueAccountsAsync(Entries(0, 20), Developer)).Results, static result => Assert.Equal(EntryState.Accepted, result.State));

        var server = await servers.GetAsync();
        var database = settings["Storage__Postgres__ConnectionString"];
        await server.ExecuteAsync(
            database,
            """
            create function refuse_for_room() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
            end
            $$;
            create trigger full_disk before insert on debtors for each row execute function refuse_for_room();
            """);
        foreach (var refused in (await ingest.EnqueueAccountsAsync(Entries(20, 20), Developer)).Results)
        {
            Assert.Equal((EntryState.Rejected, (int)Grpc.Core.StatusCode.Unavailable), (refused.State, refused.Status.Code));
            Assert.Contains(refused.Status.Details, static detail => detail.Is(Google.Rpc.RetryInfo.Descriptor));
        }

        await server.ExecuteAsync(database, "drop trigger full_disk on debtors");
        Assert.All((await ingest.EnqueueAccountsAsync(Entries(20, 20), Developer)).Results, static result => Assert.Equal(EntryState.Accepted, result.State));
        Assert.All((await ingest.EnqueueAccountsAsync(Entries(0, 20), Developer)).Results, static result => Assert.Equal(EntryState.Unchanged, result.State));
        var statistics = await new OperationsService.OperationsServiceClient(channel).GetStatisticsAsync(new GetStatisticsRequest { TenantId = Portfolio.Tenant }, Developer);
        Assert.Equal((40L, 0L), (statistics.DebtorsByState.Values.Sum(), statistics.ConservationDifference));
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

    private static Grpc.Core.Metadata Developer => new() { { "authorization", "Bearer development" } };

    private static EnqueueAccountsRequest Entries(int first, int count) => new()
    {
        TenantId = Portfolio.Tenant,
        Entries = { Enumerable.Range(first, count).Select(static number => Portfolio.Entry(number, Portfolio.TuesdayMorning)) },
    };

    private static async Task EnqueueAsync(HostProcess host)
    {
        using var channel = host.Connect();
        var answer = await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(Entries(0, 20), Developer);
        Assert.All(answer.Results, static result => Assert.Equal(EntryState.Accepted, result.State));
    }
}
