using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Scheduler.LoadTests.Service;

/// <summary>
/// A PostgreSQL server of our own on loopback, with the settings that figures are quoted with, in a folder that goes with it. Where this
/// process is root it runs as the user postgres: the server refuses root.
/// </summary>
internal sealed partial class ThrowawayPostgres : IAsyncDisposable
{
    /// <summary>Quoted with every figure.</summary>
    public const string Settings = "shared_buffers=1GB max_wal_size=8GB synchronous_commit=on fsync=on";

    private const string User = "postgres";

    private readonly DirectoryInfo _folder;
    private readonly string _binaries;
    private readonly int _port;

    private ThrowawayPostgres(DirectoryInfo folder, string binaries, int port)
    {
        _folder = folder;
        _binaries = binaries;
        _port = port;
    }

    /// <summary>By its socket, as a service on the server's own machine would.</summary>
    public string Connection => string.Create(CultureInfo.InvariantCulture, $"Host={_folder.FullName};Port={_port};Username={User};Database=postgres");

    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Bytes of its databases, without the log of writes.</summary>
    public long StoredBytes => Directory.EnumerateFiles(Path.Combine(Data, "base"), "*", SearchOption.AllDirectories).Sum(Length);

    private string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<ThrowawayPostgres> StartAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("scheduler-postgres-");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new ThrowawayPostgres(folder, FindBinaries(), port);
        if (IsRoot) await RunAsync("chown", [User, folder.FullName], cancel);
        await server.ToolAsync("initdb", ["-D", server.Data, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"], cancel);
        var options = string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder.FullName} -c max_connections=200");
        foreach (var setting in Settings.Split(' ')) options += " -c " + setting;
        await server.ToolAsync("pg_ctl", ["start", "-w", "-t", "60", "-D", server.Data, "-l", Path.Combine(folder.FullName, "log"), "-o", options], cancel);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await ToolAsync("pg_ctl", ["stop", "-w", "-m", "immediate", "-D", Data], CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    // A file that the server removes while it is looked at has none.
    private static long Length(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && GetEffectiveUser() == 0;

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var installed = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).Select(static version => Path.Combine(version, "bin")).Where(static bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        return installed
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new FileNotFoundException("initdb was not found: install PostgreSQL's server (Debian: postgresql), or name a server with --connection");
    }

    private Task ToolAsync(string tool, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var path = Path.Combine(_binaries, tool);
        return IsRoot
            ? RunAsync("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments], cancel)
            : RunAsync(path, arguments, cancel);
    }

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        // The server inherits what its starter's output goes to: a pipe would never end.
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach (var word in (string[])["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) start.ArgumentList.Add(word);
        using var process = Process.Start(start) ?? throw new IOException($"'{program}' could not be started");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}"));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
