using System.ComponentModel;
using System.Diagnostics;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>Runs the scripts of interop/ with node, after npm has installed what they need. Without node or npm the tests fail.</summary>
[CollectionDefinition(Collection)]
public sealed class NodePeer : IAsyncLifetime, ICollectionFixture<NodePeer>
{
    /// <summary>Tests with node run one after the other, so that npm installs once.</summary>
    public const string Collection = "node";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "interop");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            var (exitCode, output) = await RunToEndAsync("npm", ["ci", "--no-audit", "--no-fund"]);
            Assert.True(exitCode == 0, $"'npm ci' in {Folder} failed, and the interop tests need @grpc/grpc-js:\n{output}");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static async Task<(int ExitCode, string Output)> RunToEndAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }

    internal static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                WorkingDirectory = Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception exception)
        {
            Assert.Fail($"The gRPC interop tests need '{program}', which does not start: {exception.Message}. Install nodejs and npm.");
            throw;
        }
    }
}
