using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Services.Refusals;
using Scheduler.Services.Tests.Kit;
using Scheduler.Storage;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using DebtorEvent = Scheduler.Domain.Debtors.DebtorEvent;
using DebtorKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Services.Tests.Operations;

public sealed class OperationsTests : IAsyncLifetime
{
    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Counts_are_answered_as_read()
    {
        var response = await _host.Operations.GetStatisticsAsync(new() { TenantId = Requests.Tenant }, Told.Developer);

        Assert.Equal((5, 2, 9, 0), (response.AccountsInCount, response.DueCount, response.EventCount, response.ConservationDifference));
        Assert.Equal(4, response.DebtorsByState["DEBTOR_STATE_WAITING"]);
        Assert.Null(response.OldestDueTime);
    }

    [Fact]
    public async Task The_feed_gives_the_tenants_records_from_a_cursor_to_the_end()
    {
        foreach (var seq in Enumerable.Range(1, 600)) _host.Room.Log.Add(Row(seq, seq % 2 == 0 ? Requests.Tenant : "t2"));

        using var stream = _host.Operations.StreamEvents(new() { TenantId = Requests.Tenant, AfterCursor = 4 }, Told.Developer);
        var records = new List<V1.EventRecord>();
        while (await stream.ResponseStream.MoveNext(default)) records.AddRange(stream.ResponseStream.Current.Records);

        Assert.Equal(Enumerable.Range(3, 298).Select(static i => i * 2L), records.Select(static r => r.Cursor));
        Assert.Equal("d.6", Assert.IsType<DebtorEvent.ContactSettled>(EventCodec.Decode(records[0].Batch.Span).Events[0]).ContactId);
    }

    [Fact]
    public async Task A_following_feed_goes_on_with_new_records_and_ends_with_the_service()
    {
        using var stream = _host.Operations.StreamEvents(new() { TenantId = Requests.Tenant, Follow = true }, Told.Developer);
        var next = stream.ResponseStream.MoveNext(default);
        await _host.Clock.ArmedAsync();
        _host.Room.Log.Add(Row(1, Requests.Tenant));
        _host.Clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(await next);
        Assert.Equal(1, stream.ResponseStream.Current.Records[0].Cursor);
        await _host.Drain.BeginAsync();
        Assert.False(await stream.ResponseStream.MoveNext(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("scheduler.v1.IngestService")]
    [InlineData("scheduler.v1.DebtorService")]
    [InlineData("scheduler.v1.DispatchService")]
    [InlineData("scheduler.v1.OperationsService")]
    public async Task Health_is_told_without_a_credential_until_the_service_drains(string service)
    {
        var health = new Grpc.Health.V1.Health.HealthClient(_host.Channel);
        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new() { Service = service })).Status);
        using var watch = health.Watch(new() { Service = service });
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        await _host.Drain.BeginAsync();

        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new() { Service = service })).Status);
    }

    [Fact]
    public async Task Health_of_a_service_that_is_not_there_is_not_found()
    {
        var health = new Grpc.Health.V1.Health.HealthClient(_host.Channel);

        var (code, _, _) = await Told.RefusedAsync(async () => await health.CheckAsync(new() { Service = "nobody" }));
        using var watch = health.Watch(new() { Service = "nobody" });

        Assert.Equal(StatusCode.NotFound, code);
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task A_client_without_our_files_can_list_describe_and_build_every_service()
    {
        using var call = new ServerReflection.ServerReflectionClient(_host.Channel).ServerReflectionInfo(Told.Developer);
        var list = (await AskAsync(call, new() { ListServices = "" })).ListServicesResponse.Service.Select(static s => s.Name).ToArray();

        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "scheduler.v1.DebtorService", "scheduler.v1.DispatchService",
                "scheduler.v1.EvidenceService", "scheduler.v1.IngestService", "scheduler.v1.OperationsService", "scheduler.v1.PolicyService",
                "scheduler.v1.RepairService"],
            list);
        foreach (var service in list)
        {
            var files = (await AskAsync(call, new() { FileContainingSymbol = service })).FileDescriptorResponse.FileDescriptorProto;
            var built = FileDescriptor.BuildFromByteStrings(InOrderOfImports(files));
            Assert.Contains(built.SelectMany(static file => file.Services), s => s.FullName == service);
        }
    }

    [Fact]
    public async Task Reflection_knows_files_messages_fields_and_methods_and_says_what_it_does_not()
    {
        using var call = new ServerReflection.ServerReflectionClient(_host.Channel).ServerReflectionInfo(Told.Developer);

        foreach (var symbol in new[] { "scheduler.v1.Dispatch", "scheduler.v1.Dispatch.lease_token", "scheduler.v1.ContactChannel", "scheduler.v1.DispatchService.PullDispatches" })
        {
            Assert.NotEmpty((await AskAsync(call, new() { FileContainingSymbol = symbol })).FileDescriptorResponse.FileDescriptorProto);
        }

        Assert.NotEmpty((await AskAsync(call, new() { FileByFilename = "google/type/money.proto" })).FileDescriptorResponse.FileDescriptorProto);
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(call, new() { FileContainingSymbol = "nobody" })).ErrorResponse.ErrorCode);
    }

    [Fact]
    public void Every_reason_has_a_status_and_a_line_in_the_documents()
    {
        var documents = File.ReadAllText(Path.Combine(Root(), "docs", "api.md"));
        var reasons = new[] { typeof(RefusalReasons), typeof(Reasons) }
            .SelectMany(static type => type.GetFields())
            .Select(static field => (string)field.GetRawConstantValue()!)
            .Where(static reason => reason != Reasons.Domain);

        Assert.All(reasons, reason =>
        {
            Assert.Contains(reason, ReasonTable.All);
            Assert.Contains($"`{reason}`", documents, StringComparison.Ordinal);
        });
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(request, call.ResponseStream.Current.OriginalRequest);
        return call.ResponseStream.Current;
    }

    /// <summary>A builder wants each file after those it imports.</summary>
    private static List<ByteString> InOrderOfImports(IEnumerable<ByteString> files)
    {
        var byName = files.ToDictionary(static file => FileDescriptorProto.Parser.ParseFrom(file).Name, StringComparer.Ordinal);
        var ordered = new List<ByteString>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in byName.Keys) Visit(name);
        return ordered;

        void Visit(string name)
        {
            if (!done.Add(name)) return;
            foreach (var import in FileDescriptorProto.Parser.ParseFrom(byName[name]).Dependency) Visit(import);
            ordered.Add(byName[name]);
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scheduler.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static EventRow Row(long seq, string tenant)
    {
        var at = Instant.FromUnixTimeSeconds(seq);
        return new EventRow(
            seq, 0, new DebtorKey(tenant, "d"), 1, at.ToUnixTimeMilliseconds(), new byte[32],
            EventCodec.Encode(new EventBatch(1, at, [new DebtorEvent.ContactSettled(at, $"d.{seq}")])));
    }
}
