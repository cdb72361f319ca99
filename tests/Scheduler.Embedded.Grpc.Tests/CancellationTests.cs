using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;
using StreamContent = Grpc.Net.Client.StreamContent;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class CancellationTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Cancelling_a_unary_call_reaches_the_handler()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers { Send = async (parcel, context) => await WaitAsync(parcel, context) });
        using var cancellation = new CancellationTokenSource();

        using var call = host.Client.SendAsync(new Parcel(), cancellationToken: cancellation.Token);
        await _entered.Task;
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await _cancelled.Task;
    }

    [Fact]
    public async Task Disposing_a_call_reaches_the_handler()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers { Send = async (parcel, context) => await WaitAsync(parcel, context) });

        var call = host.Client.SendAsync(new Parcel());
        await _entered.Task;
        call.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await _cancelled.Task;
    }

    [Fact]
    public async Task Disposing_the_channel_cancels_its_calls()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers { Send = async (parcel, context) => await WaitAsync(parcel, context) });
        var client = host.Client;

        var call = client.SendAsync(new Parcel());
        await _entered.Task;
        host.Channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await _cancelled.Task;
        Assert.Throws<ObjectDisposedException>(() => client.SendAsync(new Parcel()));
    }

    [Fact]
    public async Task Cancelling_a_read_of_a_server_stream_cancels_the_call()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (parcel, parts, context) =>
            {
                await parts.WriteAsync(parcel);
                await WaitAsync(parcel, context);
            },
        });
        using var cancellation = new CancellationTokenSource();

        using var call = host.Client.Unpack(new Parcel());
        Assert.True(await call.ResponseStream.MoveNext(cancellation.Token));
        var read = call.ResponseStream.MoveNext(cancellation.Token);
        await _entered.Task;
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        await _cancelled.Task;
    }

    [Fact]
    public async Task A_handler_that_reads_a_stream_is_told_that_the_client_went()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Pack = async (parts, _) =>
            {
                try
                {
                    await parts.MoveNext(CancellationToken.None);
                    _entered.SetResult();
                    await parts.MoveNext(CancellationToken.None);
                    return new Parcel();
                }
                catch (Exception exception) when (exception is OperationCanceledException or IOException)
                {
                    _cancelled.SetResult();
                    throw;
                }
            },
        });

        var call = host.Client.Pack();
        await call.RequestStream.WriteAsync(new Parcel());
        await _entered.Task;
        call.Dispose();

        await _cancelled.Task;
        var late = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new Parcel()));
        Assert.Equal(StatusCode.Cancelled, late.StatusCode);
    }

    [Fact]
    public async Task A_request_that_was_broken_off_never_ends_as_if_it_were_complete()
    {
        using var content = new StreamContent();
        using var connection = new MemoryStream();
        var sending = content.CopyToAsync(connection, TestContext.Current.CancellationToken);
        await content.Stream;

        content.Abandon(new RpcException(Status.DefaultCancelled));

        await Assert.ThrowsAsync<RpcException>(() => sending);
    }

    [Fact]
    public async Task A_request_whose_answer_is_there_ends_without_a_reset()
    {
        using var content = new StreamContent();
        using var connection = new MemoryStream();
        var sending = content.CopyToAsync(connection, TestContext.Current.CancellationToken);
        await content.Stream;

        content.Abandon(new RpcException(Status.DefaultSuccess));

        await sending;
    }

    [Fact]
    public async Task A_server_may_cancel()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Exchange = (_, _, _) => throw new RpcException(Status.DefaultCancelled),
        });

        using var call = host.Client.Exchange();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_is_not_sent()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => host.Client.SendAsync(new Parcel(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
    }

    private async Task<Parcel> WaitAsync(Parcel parcel, ServerCallContext context)
    {
        await using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        _entered.SetResult();
        await _cancelled.Task;
        return parcel;
    }
}
