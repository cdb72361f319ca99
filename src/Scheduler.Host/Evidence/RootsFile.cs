using System.Text;
using Google.Protobuf;
using Scheduler.V1;

namespace Scheduler.Host.Evidence;

/// <summary>Signed roots outside the database, a JSON object a line, for copies that nobody here can change.</summary>
public sealed class RootsFile(string path)
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>Appends the roots that the file lacks, and syncs: what a crash kept out of it comes with the next round.</summary>
    public async Task AppendMissingAsync(IReadOnlyList<DailyRoot> roots, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var there = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : [];
        var whole = there.AsSpan().LastIndexOf((byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(there.AsSpan(0, whole)).Split('\n').ToHashSet(StringComparer.Ordinal);
        var missing = roots.Select(static root => Formatter.Format(root)).Where(line => !lines.Contains(line)).ToList();
        if (missing.Count == 0) return;
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        // A line that a crash cut short is written anew, not gone on with.
        if (whole < there.Length) file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        await using var writer = new StreamWriter(file);
        foreach (var line in missing) await writer.WriteAsync((line + "\n").AsMemory(), cancellationToken);
        await writer.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
