using Scheduler.Host.Evidence;
using Scheduler.V1;

namespace Scheduler.Services.Tests.Evidence;

/// <summary>The file of signed roots, which copies are made of: only whole lines, each once, whatever a crash left.</summary>
public sealed class RootsFileTests : IDisposable
{
    private static readonly DailyRoot First = new() { TenantId = "bank", UpToCursor = 4 };
    private static readonly DailyRoot Second = new() { TenantId = "bank", AfterCursor = 4, UpToCursor = 9 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scheduler-roots-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "keys", "roots.jsonl");

    [Fact]
    public async Task A_root_is_appended_once()
    {
        await AppendAsync(First);
        await AppendAsync(First, Second);
        await AppendAsync(First, Second);

        Assert.Equal([First, Second], await ReadAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_line_that_a_crash_cut_short_is_written_anew(int lost)
    {
        await AppendAsync(First);
        var line = await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken);
        await AppendAsync(First, Second);
        await using (var file = File.OpenWrite(Path)) file.SetLength(file.Length - lost);
        await AppendAsync(First, Second);

        Assert.Equal([First, Second], await ReadAsync());
        Assert.StartsWith(line, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task AppendAsync(params DailyRoot[] roots) => new RootsFile(Path).AppendMissingAsync(roots, TestContext.Current.CancellationToken);

    private async Task<List<DailyRoot>> ReadAsync() =>
        [.. (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).Select(DailyRoot.Parser.ParseJson)];
}
