using System.Reflection;

namespace Scheduler.Protocol.Tests.Clients;

public sealed class OtherLanguagesTests : IAsyncLifetime
{
    private const string InstallNode = "apt-get install -y nodejs npm";
    private const string InstallProtoc = "apt-get install -y protobuf-compiler protobuf-compiler-grpc";

    private static readonly string WellKnownProtos = typeof(OtherLanguagesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static data => data.Key == "WellKnownProtos").Value!;

    private readonly string _folder = Directory.CreateTempSubdirectory("scheduler-proto-").FullName;

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(ForeignTools.Node, "node_modules", "@bufbuild")))
        {
            await ForeignTools.RunAsync("npm", ForeignTools.Node, InstallNode, "ci", "--no-audit", "--no-fund");
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public Task Buf_finds_nothing_to_say() =>
        ForeignTools.RunAsync(Path.Combine(ForeignTools.Node, "node_modules", ".bin", "buf"), ForeignTools.Node, InstallNode, "lint", ForeignTools.Proto);

    [Fact]
    public async Task Node_loads_every_method()
    {
        var methods = await ForeignTools.RunAsync("node", ForeignTools.Node, InstallNode, "load.js", ForeignTools.Proto);

        Google.Protobuf.Reflection.FileDescriptor[] files =
            [V1.IngestReflection.Descriptor, V1.DebtorReflection.Descriptor, V1.DispatchReflection.Descriptor, V1.OperationsReflection.Descriptor];
        foreach (var service in files.SelectMany(static file => file.Services))
        {
            foreach (var method in service.Methods) Assert.Contains($"/{service.FullName}/{method.Name}", methods, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Python_compiles_the_protocol_with_its_services()
    {
        var files = Directory.GetFiles(Path.Combine(ForeignTools.Proto, "scheduler", "v1"), "*.proto").Select(file => Path.GetRelativePath(ForeignTools.Proto, file));
        var plugin = new[] { "/usr/bin/grpc_python_plugin", "/usr/local/bin/grpc_python_plugin" }.FirstOrDefault(File.Exists);
        Assert.True(plugin is not null, $"grpc_python_plugin is missing: {InstallProtoc}");

        await ForeignTools.RunAsync(
            "protoc", ForeignTools.Proto, InstallProtoc,
            ["-I.", "-Ithird_party", $"-I{WellKnownProtos}", $"--python_out={_folder}", $"--grpc_python_out={_folder}", $"--plugin=protoc-gen-grpc_python={plugin}", .. files]);

        var stubs = await File.ReadAllTextAsync(Path.Combine(_folder, "scheduler", "v1", "dispatch_pb2_grpc.py"));
        Assert.Contains("/scheduler.v1.DispatchService/PullDispatches", stubs, StringComparison.Ordinal);
    }
}
