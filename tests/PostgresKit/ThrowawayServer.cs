using System.Diagnostics;

namespace Scheduler.PostgresKit;

/// <summary>
/// A real PostgreSQL server of its own: a fresh cluster in a temporary folder, reached by a unix socket there. It ends with its owner however that ends: a
/// watcher waits for its standard input to close, which the kernel does for a process that was killed.
/// </summary>
internal sealed class ThrowawayServer : IAsyncDisposable
{
    private const string User = "scheduler";
    private const string DebianFolder = "/usr/lib/postgresql";
    private readonly string _binaries;
    private readonly Process _watcher;
    private int _databases;

    private ThrowawayServer(string binaries, string folder, Process watcher)
    {
        _binaries = binaries;
        Folder = folder;
        _watcher = watcher;
    }

    public string Folder { get; }

    private string DataFolder => Path.Combine(Folder, "data");

    /// <param name="settings">Lines of postgresql.conf beside the usual ones.</param>
    public static async Task<ThrowawayServer> StartAsync(params string[] settings)
    {
        var binaries = FindBinaries();
        // Made by the user that the server runs as: it refuses to run as root, and so do its tools.
        var folder = (await RunAsync("mktemp", ["-d", "-t", "scheduler-postgres-XXXXXX"])).Trim();
        var data = Path.Combine(folder, "data");
        var watcher = Watch(binaries, folder, data);
        try
        {
            await RunAsync(Path.Combine(binaries, "initdb"), ["-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
            var server = new ThrowawayServer(binaries, folder, watcher);
            await server.ConfigureAsync(settings);
            await server.ControlAsync("start");
            return server;
        }
        catch
        {
            await EndAsync(watcher);
            throw;
        }
    }

    /// <summary>An empty database of its own, as a connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"d{Interlocked.Increment(ref _databases)}";
        await RunAsync(Path.Combine(_binaries, "createdb"), ["-h", Folder, "-U", User, name]);
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host={Folder};Username={User};Database={database}";

    /// <summary>The server as it is after its machine lost power: no connection is told, nothing is flushed.</summary>
    public Task CrashAndRestartAsync() => ControlAsync("restart", "-m", "immediate");

    public Task StopAsync() => ControlAsync("stop", "-m", "immediate");

    public Task StartAgainAsync() => ControlAsync("start");

    /// <summary>Runs one statement in a database and answers its unaligned rows.</summary>
    public Task<string> ExecuteAsync(string connectionString, string sql) => RunAsync(
        Path.Combine(_binaries, "psql"), ["-h", Folder, "-U", User, "-d", connectionString.Split("Database=")[1].Split(';')[0], "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql]);

    public async ValueTask DisposeAsync() => await EndAsync(_watcher);

    private static string FindBinaries()
    {
        var packaged = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder).OrderByDescending(static path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
                .Select(static path => Path.Combine(path, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return packaged.Concat(onPath).FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException(
                "PostgreSQL's server is not installed (no initdb and postgres in /usr/lib/postgresql/*/bin or on PATH): apt-get install postgresql. "
                + "These tests need a real one and are not left out.");
    }

    private async Task ConfigureAsync(string[] settings)
    {
        // The data survives the end of the server's processes, which is all that tests end; power is another matter, and nobody waits for a disk here.
        string[] lines =
        [
            "listen_addresses = ''", $"unix_socket_directories = '{Folder}'", "fsync = off", "full_page_writes = off", "wal_level = minimal",
            "max_wal_senders = 0", "max_connections = 200", "shared_buffers = 64MB", "logging_collector = off", .. settings,
        ];
        await RunAsync("tee", ["-a", Path.Combine(DataFolder, "postgresql.conf")], string.Join('\n', lines) + "\n");
    }

    private async Task ControlAsync(params string[] action) => await RunAsync(
        Path.Combine(_binaries, "pg_ctl"), [.. action, "-s", "-w", "-D", DataFolder, "-l", Path.Combine(Folder, "log")]);

    /// <summary>Not in the way of what ends its owner: it ignores the terminal's signals and goes on when its input closes.</summary>
    private static Process Watch(string binaries, string folder, string data)
    {
        const string Script = """trap "" INT TERM HUP; cat >/dev/null; "$0/pg_ctl" stop -s -m immediate -D "$2"; rm -rf "$1" """;
        return Process.Start(Command("sh", ["-c", Script, binaries, folder, data]))!;
    }

    private static async Task EndAsync(Process watcher)
    {
        watcher.StandardInput.Close();
        await watcher.WaitForExitAsync();
        watcher.Dispose();
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input = "")
    {
        using var process = Process.Start(Command(program, arguments))!;
        // A server that pg_ctl starts inherits these pipes: what it says goes to its log, and reading to their end would wait for the server's.
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var isControl = Path.GetFileName(program) == "pg_ctl";
        var output = isControl ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var error = isControl ? Task.FromResult("see the server's log") : process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
    }

    private static ProcessStartInfo Command(string program, string[] arguments)
    {
        string[] whole = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Unprivileged()}", $"--regid={Unprivileged()}", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return new ProcessStartInfo(whole[0], whole[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
    }

    /// <summary>The package's own user, else the user without rights, whose number is the same everywhere.</summary>
    private static string Unprivileged() =>
        File.ReadLines("/etc/passwd").Any(static line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "65534";
}
