using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class FlowTests
{
    private const int PartSize = 64 * 1024;
    private const int PartCount = 2048;
    private const int UnreadLimit = PartCount / 2;

    private static readonly Parcel Part = new() { Count = PartCount, Ballast = ByteString.CopyFrom(new byte[PartSize]) };

    [Fact]
    public async Task A_server_that_writes_faster_than_its_client_reads_has_to_wait()
    {
        var written = 0;
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (parcel, parts, _) =>
            {
                for (var i = 0; i < parcel.Count; i++)
                {
                    await parts.WriteAsync(parcel);
                    Interlocked.Increment(ref written);
                }
            },
        });

        using var call = host.Client.Unpack(Part);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await LetOthersRunAsync(host);
        Assert.True(Volatile.Read(ref written) < UnreadLimit, $"{written} parts were written, 1 was read");
        var read = 1;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            read++;
        }

        Assert.Equal(PartCount, read);
    }

    [Fact]
    public async Task A_client_that_writes_faster_than_the_server_reads_has_to_wait()
    {
        var release = new TaskCompletionSource();
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Pack = async (parts, _) =>
            {
                await release.Task;
                var count = 0;
                while (await parts.MoveNext(CancellationToken.None))
                {
                    count++;
                }

                return new Parcel { Count = count };
            },
        });

        using var call = host.Client.Pack();
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                for (; written < PartCount; written++)
                {
                    await call.RequestStream.WriteAsync(Part);
                }

                await call.RequestStream.CompleteAsync();
            },
            TestContext.Current.CancellationToken);
        await LetOthersRunAsync(host);
        Assert.True(Volatile.Read(ref written) < UnreadLimit, $"{written} parts were written, none was read");
        release.SetResult();
        await writing;

        Assert.Equal(PartCount, (await call).Count);
    }

    [Fact]
    public async Task A_second_write_or_read_at_the_same_time_is_refused()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Exchange = async (parcels, _, context) =>
            {
                var read = parcels.MoveNext(CancellationToken.None);
                await Assert.ThrowsAsync<InvalidOperationException>(() => parcels.MoveNext(CancellationToken.None));
                await context.WriteResponseHeadersAsync([]);
                await read;
            },
        });

        using var call = host.Client.Exchange();
        var pending = call.ResponseStream.MoveNext(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        await call.ResponseHeadersAsync;
        await call.RequestStream.CompleteAsync();

        Assert.False(await pending);
    }

    [Fact]
    public async Task Messages_held_back_by_a_buffer_hint_arrive_with_the_next_flush()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (parcel, parts, _) =>
            {
                parts.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                await parts.WriteAsync(parcel);
                await parts.WriteAsync(parcel);
            },
        });

        using var call = host.Client.Unpack(new Parcel());

        Assert.Equal(2, await call.ResponseStream.ReadAllAsync().CountAsync());
    }

    [Fact]
    public async Task Stopping_the_server_lets_calls_under_way_finish()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Exchange = async (parcels, echoes, _) =>
            {
                entered.SetResult();
                await release.Task;
                await foreach (var parcel in parcels.ReadAllAsync())
                {
                    await echoes.WriteAsync(parcel);
                }
            },
        });
        var stopping = new TaskCompletionSource();
        host.App.Lifetime.ApplicationStopping.Register(stopping.SetResult);

        using var call = host.Client.Exchange();
        await entered.Task;
        var stop = host.App.StopAsync(CancellationToken.None);
        await stopping.Task;
        release.SetResult();
        await call.RequestStream.WriteAsync(new Parcel { Label = "last" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("last", call.ResponseStream.Current.Label);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        await stop;

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    /// <summary>Two hundred calls over the same connection stand for "a while": nothing here depends on how long they take.</summary>
    private static async Task LetOthersRunAsync(ParcelHost host)
    {
        for (var i = 0; i < 200; i++)
        {
            await host.Client.SendAsync(new Parcel());
        }
    }
}
