using System.Globalization;

namespace Scheduler.LoadTests.Measuring;

/// <summary>What a process and those it started have used, read from the kernel. Nothing where there is no /proc.</summary>
/// <param name="hasFamily">Processes that it started are read too: of PostgreSQL, one for each connection.</param>
internal sealed class ProcessMeter(string name, Func<int?> processId, bool hasFamily = false)
{
    private const double TicksPerSecond = 100;
    private const int UserTime = 13;
    private const int KernelTime = 14;

    // Of processes that have ended since: a host that was killed, with what it had used.
    private double _endedSeconds;
    private double _lastSeconds;
    private int? _lastId;

    public string Name { get; } = name;

    public ProcessUse Read()
    {
        var id = processId();
        if (id != _lastId)
        {
            _endedSeconds += _lastSeconds;
            _lastSeconds = 0;
            _lastId = id;
        }

        if (id is not { } root || !Directory.Exists("/proc")) return new ProcessUse(_endedSeconds + _lastSeconds, 0);
        var family = hasFamily ? FamilyOf(root).ToList() : [root];
        var use = family.Select(Use).Aggregate(new ProcessUse(0, 0), static (sum, one) => new(sum.CpuSeconds + one.CpuSeconds, sum.ResidentBytes + one.ResidentBytes));
        _lastSeconds = Math.Max(_lastSeconds, use.CpuSeconds);
        return new ProcessUse(_endedSeconds + _lastSeconds, use.ResidentBytes + SharedOf(family));
    }

    private static IEnumerable<int> FamilyOf(int root)
    {
        yield return root;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == root) continue;
            if (Fields(id) is [_, var parent, ..] && parent == root.ToString(CultureInfo.InvariantCulture)) yield return id;
        }
    }

    private static ProcessUse Use(int id)
    {
        if (Fields(id) is not { Length: > 20 } fields) return new(0, 0);
        var ticks = long.Parse(fields[UserTime - 2], CultureInfo.InvariantCulture) + long.Parse(fields[KernelTime - 2], CultureInfo.InvariantCulture);
        return new(ticks / TicksPerSecond, StatusBytes(id, "RssAnon:") + StatusBytes(id, "RssFile:"));
    }

    // Shared by every process of the family, so counted once.
    private static long SharedOf(List<int> family) => family.Select(static id => StatusBytes(id, "RssShmem:")).DefaultIfEmpty(0).Max();

    // From the state on: the name before it may hold blanks.
    private static string[] Fields(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long StatusBytes(int id, string field)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

/// <summary>Processor time since the start, memory at this moment.</summary>
internal readonly record struct ProcessUse(double CpuSeconds, long ResidentBytes);
