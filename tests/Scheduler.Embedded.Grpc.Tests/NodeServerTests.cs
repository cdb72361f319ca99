using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>Our client against grpc-js's server, interop/server.js.</summary>
[Collection(NodePeer.Collection)]
public sealed class NodeServerTests
{
    [Fact]
    public async Task All_four_kinds_of_call_are_served_by_grpc_js()
    {
        await using var server = await NodeServer.StartAsync();

        Assert.Equal("books", (await server.Client.SendAsync(new Parcel { Label = "books" })).Label);

        using var unpack = server.Client.Unpack(new Parcel { Label = "part", Count = 500 });
        Assert.Equal(
            Enumerable.Range(1, 500), await unpack.ResponseStream.ReadAllAsync().Select(part => part.Count).ToListAsync());

        using var pack = server.Client.Pack();
        await pack.RequestStream.WriteAsync(new Parcel { Label = "a" });
        await pack.RequestStream.WriteAsync(new Parcel { Label = "b" });
        await pack.RequestStream.CompleteAsync();
        Assert.Equal(new Parcel { Label = "ab", Count = 2 }, await pack);

        using var exchange = server.Client.Exchange();
        for (var i = 0; i < 100; i++)
        {
            await exchange.RequestStream.WriteAsync(new Parcel { Count = i });
            Assert.True(await exchange.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(i, exchange.ResponseStream.Current.Count);
        }

        await exchange.RequestStream.CompleteAsync();
        Assert.False(await exchange.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Metadata_and_error_details_come_from_grpc_js()
    {
        await using var server = await NodeServer.StartAsync();

        using var call = server.Client.SendAsync(
            new Parcel { Label = "metadata" }, new Metadata { { "tenant", "acme" }, { "weight-bin", [0, 127, 255] } });
        Assert.Equal("acme", (await call.ResponseHeadersAsync).GetValue("tenant"));
        await call;
        Assert.Equal([0, 127, 255], call.GetTrailers().GetValueBytes("weight-bin")!);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => server.Client.SendAsync(new Parcel { Label = "refuse" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal("el buzón está lleno: 100 %", refusal.Status.Detail);
        Assert.Equal("lid", refusal.Trailers.GetValue("reason"));
        Assert.Equal([8, 9, 18, 1, 120, 255], refusal.Trailers.GetValueBytes("grpc-status-details-bin")!);
    }

    [Fact]
    public async Task Grpc_js_is_told_when_the_deadline_passes_or_the_call_is_cancelled()
    {
        await using var server = await NodeServer.StartAsync();
        var client = server.Client;

        var late = await Assert.ThrowsAsync<RpcException>(
            () => client.SendAsync(new Parcel { Label = "wait" }, deadline: WallClock.InMilliseconds(300)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);

        using var cancellation = new CancellationTokenSource();
        using var call = client.SendAsync(new Parcel { Label = "wait" }, cancellationToken: cancellation.Token);
        await client.SendAsync(new Parcel());
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);

        while ((await client.SendAsync(new Parcel { Label = "cancelled" })).Count < 2)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task The_limit_of_grpc_js_is_heard()
    {
        await using var server = await NodeServer.StartAsync();

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.SendAsync(new Parcel { Ballast = ByteString.CopyFrom(new byte[4 * 1024 * 1024]) }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Compressed_requests_are_read_by_grpc_js()
    {
        await using var server = await NodeServer.StartAsync();
        var parcel = new Parcel { Label = "air", Ballast = ByteString.CopyFrom(new byte[100_000]) };

        using var call = server.Client.SendAsync(parcel, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        Assert.Equal(parcel, await call);
    }

    private sealed class NodeServer(Process process, GrpcChannel channel) : IAsyncDisposable
    {
        public ParcelService.ParcelServiceClient Client { get; } = new(channel);

        public static async Task<NodeServer> StartAsync()
        {
            var process = NodePeer.Start("node", ["server.js"]);
            var port = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            if (port is null)
            {
                Assert.Fail(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            return new NodeServer(process, GrpcChannel.ForAddress($"http://127.0.0.1:{port}"));
        }

        public async ValueTask DisposeAsync()
        {
            channel.Dispose();
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
