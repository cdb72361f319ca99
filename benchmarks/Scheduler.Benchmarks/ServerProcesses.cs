using System.Globalization;
using Npgsql;

namespace Scheduler.Benchmarks;

/// <summary>The processes of a PostgreSQL server on this machine, as the kernel accounts for them.</summary>
internal sealed class ServerProcesses(int postmaster)
{
    private const double TicksPerSecond = 100;

    /// <summary>Where /proc/PID/stat has what is wanted, counted after the command's closing bracket.</summary>
    private const int Parent = 1;
    private const int OwnUser = 11;
    private const int OwnSystem = 12;
    private const int EndedUser = 13;
    private const int EndedSystem = 14;

    public static async Task<ServerProcesses> FindAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
        return new ServerProcesses((int)Fields((int)(await command.ExecuteScalarAsync())!)![Parent]);
    }

    /// <summary>Processor time of the server and of all that it has started, ended or not.</summary>
    public TimeSpan ReadTime()
    {
        var own = Fields(postmaster)!;
        var ticks = own[OwnUser] + own[OwnSystem] + own[EndedUser] + own[EndedSystem];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)) continue;
            if (Fields(process) is { } fields && fields[Parent] == postmaster) ticks += fields[OwnUser] + fields[OwnSystem];
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Null: it ended meanwhile.</summary>
    private static long[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return [.. words.Select(static word => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
