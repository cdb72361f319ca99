using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class MetadataTests
{
    [Fact]
    public async Task Headers_and_trailers_travel_in_both_directions()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = async (parcel, context) =>
            {
                await context.WriteResponseHeadersAsync(new Metadata { { "seen", context.RequestHeaders.GetValue("tenant")! } });
                context.ResponseTrailers.Add("weight-bin", context.RequestHeaders.GetValueBytes("weight-bin")!);
                context.ResponseTrailers.Add("tags", string.Join(", ", context.RequestHeaders.GetAll("tag").Select(entry => entry.Value)));
                return parcel;
            },
        });

        using var call = host.Client.SendAsync(
            new Parcel(), new Metadata { { "tenant", "acme" }, { "weight-bin", [0, 127, 255] }, { "tag", "a" }, { "tag", "b" } });

        Assert.Equal("acme", (await call.ResponseHeadersAsync).GetValue("seen"));
        await call;
        Assert.Equal([0, 127, 255], call.GetTrailers().GetValueBytes("weight-bin")!);
        Assert.Equal("a, b", call.GetTrailers().GetValue("tags"));
    }

    [Fact]
    public async Task Headers_arrive_before_the_answer()
    {
        var release = new TaskCompletionSource();
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = async (parcel, context) =>
            {
                await context.WriteResponseHeadersAsync(new Metadata { { "queue", "short" } });
                await release.Task;
                return parcel;
            },
        });

        using var call = host.Client.SendAsync(new Parcel());
        Assert.Equal("short", (await call.ResponseHeadersAsync).GetValue("queue"));
        Assert.False(call.ResponseAsync.IsCompleted);
        release.SetResult();
        await call;
    }

    [Fact]
    public async Task Headers_are_sent_once()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = async (parcel, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
                return parcel;
            },
        });

        await host.Client.SendAsync(new Parcel());
    }

    [Fact]
    public async Task A_trailer_that_no_header_can_carry_becomes_an_internal_error()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                context.ResponseTrailers.Add("city", "Bogotá\r\n");
                return Task.FromResult(parcel);
            },
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    [Fact]
    public async Task The_context_tells_method_host_and_peer()
    {
        string? seen = null;
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                seen = $"{context.Method} {context.Host} {context.Peer.Split(':')[0]} {context.AuthContext.IsPeerAuthenticated}";
                Assert.Equal(DateTime.MaxValue, context.Deadline);
                Assert.Equal(context.Method, context.GetHttpContext().Request.Path);
                return Task.FromResult(parcel);
            },
        });

        await host.Client.SendAsync(new Parcel());

        Assert.Equal($"/scheduler.tests.parcels.v1.ParcelService/Send {host.Address.Authority} ipv4 False", seen);
    }

    [Fact]
    public void Keys_are_lower_case_and_say_whether_the_value_is_bytes()
    {
        var metadata = new Metadata { { "Tenant", "a" }, { "TENANT", "b" }, { "key-bin", [1] } };

        Assert.Equal("tenant", metadata[0].Key);
        Assert.Equal("b", metadata.GetValue("tenant"));
        Assert.Equal(["a", "b"], metadata.GetAll("tenant").Select(entry => entry.Value));
        Assert.True(metadata[2].IsBinary);
        Assert.Throws<InvalidOperationException>(() => metadata[2].Value);
        Assert.Throws<ArgumentException>(() => metadata.Add("key-bin", "text"));
        Assert.Throws<ArgumentException>(() => metadata.Add("key", [1]));
        Assert.Throws<ArgumentException>(() => metadata.Add("white space", "text"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
    }
}
