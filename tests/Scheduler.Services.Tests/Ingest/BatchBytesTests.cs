using Google.Protobuf;
using Grpc.Core;
using Scheduler.Protocol.Wire;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.Ingest;

public sealed class BatchBytesTests : IAsyncLifetime
{
    private const int Limit = 3 * 1024 * 1024;

    private static readonly Method<byte[], V1.EnqueueAccountsResponse> Enqueue = new(
        MethodType.Unary,
        "scheduler.v1.IngestService",
        "EnqueueAccounts",
        Marshallers.Create<byte[]>(static (bytes, context) => context.Complete(bytes), static _ => throw new NotSupportedException()),
        Marshallers.Create(
            static (_, _) => throw new NotSupportedException(),
            static context => V1.EnqueueAccountsResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private ServiceHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_batch_of_as_many_bytes_as_it_may_have_is_looked_at()
    {
        var response = await SendAsync(OfSize(Limit).ToByteArray());

        Assert.Equal(V1.EntryState.Rejected, Assert.Single(response.Results).State);
    }

    [Fact]
    public async Task One_byte_more_is_too_large_and_told_to_the_byte() =>
        Assert.Equal($"{Limit + 1}", await RefusedAsync(OfSize(Limit + 1).ToByteArray()));

    [Fact]
    public async Task A_batch_that_grows_by_being_read_is_measured_as_it_was_read()
    {
        // Each byte of such a text is read as a character of three.
        var wire = new WireWriter();
        wire.Text(V1.EnqueueAccountsRequest.TenantIdFieldNumber, Requests.Tenant);
        var entry = wire.Begin(V1.EnqueueAccountsRequest.EntriesFieldNumber);
        wire.Bytes(V1.DebtorEntry.DebtorIdFieldNumber, Enumerable.Repeat((byte)0xFF, Limit / 3).ToArray());
        wire.End(entry);
        var sent = wire.Written.ToArray();
        var read = V1.EnqueueAccountsRequest.Parser.ParseFrom(sent).CalculateSize();
        Assert.InRange(read, Limit + 1, 3 * sent.Length);

        Assert.Equal($"{read}", await RefusedAsync(sent));
    }

    private async Task<V1.EnqueueAccountsResponse> SendAsync(byte[] request) =>
        await _host.Channel.CreateCallInvoker().AsyncUnaryCall(Enqueue, host: null, new CallOptions(Told.Developer), request);

    /// <summary>How many bytes the refusal tells.</summary>
    private async Task<string> RefusedAsync(byte[] request)
    {
        var (code, cause, _) = await Told.RefusedAsync(async () => await SendAsync(request));
        Assert.Equal((StatusCode.InvalidArgument, "BATCH_TOO_LARGE", "bytes"), (code, cause.Reason, cause.Metadata["unit"]));
        return cause.Metadata["given"];
    }

    private static V1.EnqueueAccountsRequest OfSize(int bytes)
    {
        var request = Requests.Enqueue("d1");
        request.Entries[0].Accounts[0].Variables["text"] = new string('x', bytes / 2);
        request.Entries[0].Accounts[0].Variables["text"] += new string('x', bytes - request.CalculateSize());
        // Lengths of the text and of what is around it take more bytes as they grow.
        var over = request.CalculateSize() - bytes;
        request.Entries[0].Accounts[0].Variables["text"] = request.Entries[0].Accounts[0].Variables["text"][over..];
        Assert.Equal(bytes, request.CalculateSize());
        return request;
    }
}
