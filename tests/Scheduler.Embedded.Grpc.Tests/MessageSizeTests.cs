using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class MessageSizeTests
{
    private const int FourMebibytes = 4 * 1024 * 1024;

    [Fact]
    public async Task A_message_of_exactly_four_mebibytes_passes_and_one_more_byte_does_not()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());
        var largest = OfSize(FourMebibytes);

        Assert.Equal(largest, await host.Client.SendAsync(largest));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(OfSize(FourMebibytes + 1)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("Received message exceeds the maximum configured message size.", refusal.Status.Detail);
    }

    [Fact]
    public async Task The_client_refuses_an_answer_above_its_limit()
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers(), channel: new GrpcChannelOptions { MaxReceiveMessageSize = 1000 });

        Assert.Equal(1000, (await host.Client.SendAsync(OfSize(1000))).CalculateSize());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(OfSize(1001)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task The_client_does_not_send_above_its_limit()
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers(), channel: new GrpcChannelOptions { MaxSendMessageSize = 1000 });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(OfSize(1001)).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);

        using var stream = host.Client.Pack();
        await stream.RequestStream.WriteAsync(OfSize(1000));
        var late = await Assert.ThrowsAsync<RpcException>(() => stream.RequestStream.WriteAsync(OfSize(1001)));
        Assert.Equal(StatusCode.ResourceExhausted, late.StatusCode);
        Assert.Equal("Sending message exceeds the maximum configured message size.", late.Status.Detail);
    }

    [Fact]
    public async Task The_server_does_not_send_above_its_limit()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers(), options => options.MaxSendMessageSize = 1000);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(OfSize(1001)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Without_limits_a_message_may_be_larger_than_the_server_allows_a_request_to_be()
    {
        const int AboveKestrelLimit = 32 * 1024 * 1024;
        await using var host = await ParcelHost.StartAsync(
            new Handlers(),
            options => options.MaxReceiveMessageSize = null,
            channel: new GrpcChannelOptions { MaxReceiveMessageSize = null });

        Assert.Equal(AboveKestrelLimit, (await host.Client.SendAsync(OfSize(AboveKestrelLimit))).CalculateSize());
    }

    [Fact]
    public async Task A_stream_may_be_larger_than_the_server_allows_a_request_to_be()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());
        var part = OfSize(FourMebibytes);

        using var call = host.Client.Pack();
        for (var i = 0; i < 9; i++)
        {
            await call.RequestStream.WriteAsync(part);
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(9, (await call).Count);
    }

    private static Parcel OfSize(int size)
    {
        var parcel = new Parcel { Ballast = ByteString.CopyFrom(new byte[size / 2]) };
        var rest = size - parcel.CalculateSize();
        parcel.Ballast = ByteString.CopyFrom(new byte[(size / 2) + rest]);
        rest = size - parcel.CalculateSize();
        parcel.Ballast = ByteString.CopyFrom(new byte[parcel.Ballast.Length + rest]);
        Assert.Equal(size, parcel.CalculateSize());
        return parcel;
    }
}
