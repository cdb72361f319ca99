using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class DeadlineTests
{
    private readonly StoppedClock _clock = new();

    [Theory]
    [InlineData("90S", 90_000)]
    [InlineData("2M", 120_000)]
    [InlineData("1H", 3_600_000)]
    [InlineData("1500m", 1_500)]
    [InlineData("2000000u", 2_000)]
    [InlineData("5000000n", 5)]
    public async Task The_context_tells_the_deadline_by_the_clock_of_the_host(string header, int milliseconds)
    {
        DateTime? seen = null;
        await using var host = await StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                seen = context.Deadline;
                return Task.FromResult(parcel);
            },
        });

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("grpc-timeout", header));

        Assert.Equal("0", answer.Status);
        Assert.Equal(_clock.GetUtcNow().UtcDateTime.AddMilliseconds(milliseconds), seen);
        Assert.Equal(DateTimeKind.Utc, seen!.Value.Kind);
    }

    [Fact]
    public async Task The_server_answers_when_the_deadline_passes_even_if_its_handler_does_not()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var token = CancellationToken.None;
        await using var host = await StartAsync(new Handlers
        {
            Send = async (parcel, context) =>
            {
                token = context.CancellationToken;
                entered.SetResult();
                await release.Task;
                return parcel;
            },
        });

        var call = RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("grpc-timeout", "10S"));
        await entered.Task;
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var answer = await call;
        release.SetResult();

        Assert.Equal("4", answer.Status);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_stream_that_runs_into_its_deadline_ends_with_what_it_had()
    {
        var written = new TaskCompletionSource();
        await using var host = await StartAsync(new Handlers
        {
            Unpack = async (_, parts, context) =>
            {
                await parts.WriteAsync(new Parcel { Label = "in time" });
                written.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, context.CancellationToken);
            },
        });

        var call = RawCall.SendAsync(host.Address, "Unpack", RawCall.Frame(new Parcel()), ("grpc-timeout", "10S"));
        await written.Task;
        _clock.Advance(TimeSpan.FromSeconds(10));
        var answer = await call;

        Assert.Equal("4", answer.Status);
        Assert.Equal("in time", Assert.Single(answer.Messages).Label);
    }

    [Fact]
    public async Task A_request_that_does_not_come_is_not_waited_for_beyond_the_deadline()
    {
        var isReading = new TaskCompletionSource();
        await using var host = await StartAsync(new Handlers
        {
            Pack = async (parts, _) =>
            {
                var read = parts.MoveNext(CancellationToken.None);
                isReading.SetResult();
                await read;
                return new Parcel();
            },
        });

        using var call = host.Client.Pack(deadline: DateTime.UnixEpoch.AddYears(200));
        await isReading.Task;
        _clock.Advance(TimeSpan.FromDays(365 * 300));

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task The_client_gives_up_at_its_deadline_although_the_server_stands_still()
    {
        var cancelled = new TaskCompletionSource();
        await using var host = await StartAsync(new Handlers
        {
            Send = async (parcel, context) =>
            {
                await using var registration = context.CancellationToken.Register(() => cancelled.SetResult());
                await cancelled.Task;
                return parcel;
            },
        });

        using var call = host.Client.SendAsync(new Parcel(), deadline: WallClock.InMilliseconds(200));

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await cancelled.Task;
    }

    [Fact]
    public async Task A_call_whose_deadline_has_passed_is_not_sent()
    {
        var isCalled = false;
        await using var host = await StartAsync(new Handlers
        {
            Send = (parcel, _) =>
            {
                isCalled = true;
                return Task.FromResult(parcel);
            },
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => host.Client.SendAsync(new Parcel(), deadline: WallClock.InMilliseconds(-1)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        Assert.False(isCalled);
    }

    [Fact]
    public async Task A_clock_of_their_own_runs_the_deadlines_of_a_host_whose_clock_is_simulated()
    {
        var deadlines = new StoppedClock();
        deadlines.Advance(TimeSpan.FromDays(1000));
        DateTime? seen = null;
        await using var host = await ParcelHost.StartAsync(
            new Handlers
            {
                Send = (parcel, context) =>
                {
                    seen = context.Deadline;
                    return Task.FromResult(parcel);
                },
            },
            builder: web => web.Services.AddSingleton<TimeProvider>(_clock).AddKeyedSingleton<TimeProvider>("Grpc.Deadlines", deadlines));

        await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("grpc-timeout", "1S"));

        Assert.Equal(deadlines.GetUtcNow().UtcDateTime.AddSeconds(1), seen);
    }

    [Fact]
    public async Task A_deadline_of_local_time_is_refused()
    {
        await using var host = await StartAsync(new Handlers());

        Assert.Throws<InvalidOperationException>(
            () => host.Client.SendAsync(new Parcel(), deadline: new DateTime(2300, 1, 1, 0, 0, 0, DateTimeKind.Local)));
    }

    private Task<ParcelHost> StartAsync(Handlers handlers) =>
        ParcelHost.StartAsync(handlers, builder: web => web.Services.AddSingleton<TimeProvider>(_clock));
}
