using Scheduler.Cli.Serving;

namespace Scheduler.Cli.Tests.Serving;

/// <summary>The host is found where builds and packages put it.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("scheduler-layout-");

    [Theory]
    [InlineData("bin/Scheduler.Cli/release", "bin/Scheduler.Host/release/Scheduler.Host.dll")]
    [InlineData("opt", "opt/host/Scheduler.Host")]
    [InlineData("opt", "opt/Scheduler.Host")]
    public void The_host_is_found_beside_the_program(string own, string host)
    {
        var path = Path.Combine(_root.FullName, host);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(Path.Combine(_root.FullName, own));
        File.WriteAllText(path, "");
        Assert.Equal(path, HostProcess.Find(Path.Combine(_root.FullName, own) + Path.DirectorySeparatorChar));
    }

    [Fact]
    public void A_host_that_is_nowhere_is_told_with_the_places_looked_at() =>
        Assert.Contains("was not found in", Assert.Throws<FileNotFoundException>(() => HostProcess.Find(_root.FullName)).Message, StringComparison.Ordinal);

    public void Dispose() => _root.Delete(recursive: true);
}
