using System.Text.Json;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The real command line against the real host: what a person asks for, and what a hand in the database leaves behind.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task A_hand_in_the_database_is_told_by_the_audit()
    {
        using var folder = new TemporaryFolder();
        var key = Path.Combine(folder.Path, "roots.pem");
        await using (var host = await EnqueuedAsync(folder.Path))
        {
            Assert.Equal(0, (await CommandLineProcess.RunAsync(host, "audit", "key", "--out", key)).Code);
            Assert.Equal(0, await host.StopAsync());
        }

        // The start signs the root of the day before.
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--public-key", key);
            Assert.True(code == 0, said);
            Assert.EndsWith("clean", said.TrimEnd());
            Assert.Equal(0, await host.StopAsync());
        }

        var (changed, dropped) = Tamper(Path.Combine(folder.Path, "scheduler.db"));
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--public-key", key, "--json");
            Assert.True(code == 1, said);
            var findings = JsonDocument.Parse(said).RootElement.GetProperty("findings").EnumerateArray().ToList();
            Assert.Contains(findings, f => Is(f, "chain_broken") && f.GetProperty("cursor").GetInt64() == changed);
            Assert.Contains(findings, f => Is(f, "head_not_in_log") && f.GetProperty("debtor_id").GetString() == dropped);
            Assert.Equal(0, await host.StopAsync());
        }
    }

    [Fact]
    public async Task Newest_records_heads_and_roots_cut_off_together_are_told_by_a_copy_of_the_roots_file()
    {
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "copied.jsonl");
        await using (var host = await EnqueuedAsync(folder.Path)) Assert.Equal(0, await host.StopAsync());
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            // What the start signs is in the file before the audit reads it from the service.
            var roots = Path.Combine(folder.Path, "keys", "roots.jsonl");
            while (!File.Exists(roots) || new FileInfo(roots).Length == 0) Assert.Equal(0, (await CommandLineProcess.RunAsync(host, "stats")).Code);
            File.Copy(roots, copy);
            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--roots", copy);
            Assert.True(code == 0, said);
            Assert.Contains("copy of the roots: 1 held against the service", said);
            Assert.Equal(0, await host.StopAsync());
        }

        CutOff(Path.Combine(folder.Path, "scheduler.db"));
        await using (var host = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning))
        {
            var (clean, whole) = await CommandLineProcess.RunAsync(host, "audit", "verify");
            Assert.True(clean == 0, whole);
            var (code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--roots", copy, "--json");
            Assert.True(code == 1, said);
            Assert.Single(JsonDocument.Parse(said).RootElement.GetProperty("findings").EnumerateArray(), f => Is(f, "root_missing") || Is(f, "root_altered"));
            await File.AppendAllTextAsync(copy, "{\"tenant_id\":", TestContext.Current.CancellationToken);
            var (torn, fault) = await CommandLineProcess.RunAsync(host, "audit", "verify", "--roots", copy);
            Assert.Equal(2, torn);
            Assert.Contains("line 2: is no signed root", fault);
            Assert.Equal(0, await host.StopAsync());
        }
    }

    [Fact]
    public async Task Who_asks_is_handed_everything_and_told_what_keeps_it_from_being_erased()
    {
        using var folder = new TemporaryFolder();
        var report = Path.Combine(folder.Path, "report.json");
        await using var host = await EnqueuedAsync(folder.Path);

        var (exported, said) = await CommandLineProcess.RunAsync(host, "debtor", "export", "debtor-2", "--reason", "asked", "--format", "json", "--out", report);
        Assert.True(exported == 0, said);
        Assert.Contains("573010000002", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report));
        var (paged, page) = await CommandLineProcess.RunAsync(host, "debtor", "export", "debtor-2", "--reason", "asked");
        Assert.Equal(0, paged);
        Assert.Contains("573010000002", page);
        Assert.Contains("</html>", page);

        string[] transfer = ["debtor", "transfer", "debtor-2-b", "--creditor", "fund", "--collector", "debt_buyer", "--at", "2026-11-17T14:00:00Z", "--request", "sale-1"];
        Assert.Equal((0, "account debtor-2-b transferred"), await TrimmedAsync(host, transfer));
        Assert.Equal((0, "account debtor-2-b had been transferred before"), await TrimmedAsync(host, transfer));
        var (wrong, fault) = await TrimmedAsync(host, "debtor", "transfer", "debtor-9-a", "--creditor", "fund", "--request", "sale-2", "--at", "2026-11-17T14:00:00Z");
        Assert.Equal(1, wrong);
        Assert.Contains("ACCOUNT_NOT_FOUND", fault);
        Assert.Equal(2, (await TrimmedAsync(host, "debtor", "transfer", "debtor-2-b", "--request", "sale-3")).Code);

        var (refused, why) = await CommandLineProcess.RunAsync(host, "debtor", "erase", "debtor-2", "--reason", "asked");
        Assert.Equal(1, refused);
        Assert.StartsWith("nothing was erased", why);
        var (_, timeline) = await CommandLineProcess.RunAsync(host, "timeline", "debtor-2");
        Assert.Contains("debtor.exported", timeline);
        Assert.Equal(0, await host.StopAsync());
    }

    private static async Task<(int Code, string Said)> TrimmedAsync(HostProcess host, params string[] arguments)
    {
        var (code, said) = await CommandLineProcess.RunAsync(host, arguments);
        return (code, said.Trim());
    }

    [Fact]
    public async Task Records_older_than_the_retention_are_dropped_and_the_audit_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using (var host = await EnqueuedAsync(folder.Path)) Assert.Equal(0, await host.StopAsync());

        // One start signs the root of the day before, the next drops what it covers.
        var later = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning.AddDays(130));
        later["Evidence__EventRetention"] = "90";
        await using (var host = await HostProcess.StartAsync(later))
        {
            await VerifiedAsync(host, "1 daily roots");
            Assert.Equal(0, await host.StopAsync());
        }

        await using (var host = await HostProcess.StartAsync(later))
        {
            await VerifiedAsync(host, "4 records dropped under 4 checkpoints");
            var (_, timeline) = await CommandLineProcess.RunAsync(host, "timeline", "debtor-2");
            Assert.Contains("were dropped on", timeline);
            var (_, report) = await CommandLineProcess.RunAsync(host, "audit", "export", "--debtor", "debtor-2");
            Assert.Contains("under the signed checkpoint", report);
            Assert.Equal(0, await host.StopAsync());
        }
    }

    /// <summary>The audit says it sooner or later: what the host does at its start goes on beside its answers.</summary>
    private static async Task VerifiedAsync(HostProcess host, string sentence)
    {
        var said = "";
        for (var asked = 0; asked < 50 && !said.Contains(sentence, StringComparison.Ordinal); asked++)
        {
            (var code, said) = await CommandLineProcess.RunAsync(host, "audit", "verify");
            Assert.True(code == 0, said);
        }

        Assert.Contains(sentence, said);
        Assert.EndsWith("clean", said.TrimEnd());
    }

    private static bool Is(JsonElement finding, string kind) => finding.GetProperty("kind").GetString() == kind;

    private static async Task<HostProcess> EnqueuedAsync(string folder)
    {
        var host = await HostProcess.StartAsync(folder, Portfolio.TuesdayMorning);
        using var channel = host.Connect();
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        request.Entries.AddRange(Enumerable.Range(1, 4).Select(static number => Portfolio.Entry(number, Portfolio.TuesdayMorning)));
        var answer = await new IngestService.IngestServiceClient(channel).EnqueueAccountsAsync(request, new Metadata { { "authorization", "Bearer development" } });
        Assert.All(answer.Results, static result => Assert.Equal(EntryState.Accepted, result.State));
        return host;
    }

    /// <summary>Takes the newest record, its debtor's row and every root away: what is left knows of nothing that is gone.</summary>
    private static void CutOff(string path)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        database.Open();
        using var cut = database.CreateCommand();
        cut.CommandText = """
            delete from debtors where id = (select id from events order by seq desc limit 1);
            delete from events where seq = (select max(seq) from events);
            delete from settings where key like 'evidence/root/%';
            """;
        Assert.Equal(3, cut.ExecuteNonQuery());
    }

    /// <summary>Changes the last byte of the oldest record and takes the newest away: the cursor of the one, the debtor of the other.</summary>
    private static (long Changed, string Dropped) Tamper(string path)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        database.Open();
        using var oldest = database.CreateCommand();
        oldest.CommandText = "select seq, payload from events order by seq limit 1";
        long cursor;
        byte[] payload;
        using (var row = oldest.ExecuteReader())
        {
            Assert.True(row.Read());
            (cursor, payload) = (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        }

        payload[^1] ^= 1;
        using var change = database.CreateCommand();
        change.CommandText = "update events set payload = $payload where seq = $seq";
        change.Parameters.AddWithValue("$payload", payload);
        change.Parameters.AddWithValue("$seq", cursor);
        Assert.Equal(1, change.ExecuteNonQuery());
        using var drop = database.CreateCommand();
        drop.CommandText = "delete from events where seq = (select max(seq) from events) returning id";
        var dropped = (string)drop.ExecuteScalar()!;
        return (cursor, dropped[(dropped.IndexOf('/', StringComparison.Ordinal) + 1)..]);
    }
}
