using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class CallKindsTests
{
    [Fact]
    public async Task A_unary_call_is_answered()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.SendAsync(new Parcel { Label = "books", Count = 3 });

        Assert.Equal(new Parcel { Label = "books", Count = 3 }, await call);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task A_blocking_unary_call_is_answered()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await Task.Run(() => host.Client.Send(new Parcel { Label = "books" }));

        Assert.Equal("books", answer.Label);
    }

    [Fact]
    public async Task An_empty_message_travels_both_ways()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        Assert.Equal(new Parcel(), await host.Client.SendAsync(new Parcel()));
    }

    [Fact]
    public async Task A_server_stream_arrives_whole_and_in_order()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.Unpack(new Parcel { Label = "part", Count = 1000 });
        var counts = new List<int>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            counts.Add(part.Count);
        }

        Assert.Equal(Enumerable.Range(1, 1000), counts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task An_empty_server_stream_ends_at_once()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.Unpack(new Parcel());

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task A_client_stream_is_joined()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.Pack();
        foreach (var label in (string[])["a", "b", "c"])
        {
            await call.RequestStream.WriteAsync(new Parcel { Label = label });
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Parcel { Label = "abc", Count = 3 }, await call);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new Parcel()));
    }

    [Fact]
    public async Task A_client_stream_without_messages_is_answered()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.Pack();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(0, (await call).Count);
    }

    [Fact]
    public async Task A_duplex_stream_alternates()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        using var call = host.Client.Exchange();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Parcel { Count = i });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_server_may_speak_first_on_a_duplex_stream()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Exchange = async (parcels, echoes, _) =>
            {
                await echoes.WriteAsync(new Parcel { Label = "hello" });
                await parcels.MoveNext(CancellationToken.None);
            },
        });

        using var call = host.Client.Exchange();

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("hello", call.ResponseStream.Current.Label);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Many_calls_share_one_channel()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());
        var client = host.Client;

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => client.SendAsync(new Parcel { Count = i }).ResponseAsync));

        Assert.Equal(Enumerable.Range(0, 500), answers.Select(answer => answer.Count));
    }
}
