using Grpc.Core;
using Grpc.Net.Client;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task A_status_thrown_by_a_handler_arrives_with_its_trailers()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (_, _) => throw new RpcException(
                new Status(StatusCode.FailedPrecondition, "lid is open"),
                new Metadata { { "reason", "lid" }, { "grpc-status-details-bin", [0, 1, 254, 255] } }),
        });

        using var call = host.Client.SendAsync(new Parcel());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal("lid is open", refusal.Status.Detail);
        Assert.Equal("lid", refusal.Trailers.GetValue("Reason"));
        Assert.Equal([0, 1, 254, 255], refusal.Trailers.GetValueBytes("grpc-status-details-bin")!);
        Assert.Equal(refusal.Status, call.GetStatus());
        Assert.Equal("lid", call.GetTrailers().GetValue("reason"));
    }

    [Fact]
    public async Task A_refusal_that_came_before_the_request_could_be_sent_has_its_trailers_for_the_writer_too()
    {
        using var handler = new EarlyRefusal();
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        using var call = new ParcelService.ParcelServiceClient(channel).Exchange();
        var writing = call.RequestStream.WriteAsync(new Parcel());
        handler.Answer.SetResult();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => writing);

        Assert.Equal((StatusCode.Unauthenticated, "no key"), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal("lid", refusal.Trailers.GetValue("reason"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("100 % Bogotá, ¿no? 📦")]
    [InlineData("two\r\nlines\tand a tab")]
    [InlineData("%41 stays as it is")]
    public async Task Any_text_travels_in_the_status_detail(string detail)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (_, _) => throw new RpcException(new Status(StatusCode.Aborted, detail)),
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(detail, refusal.Status.Detail);
    }

    [Theory]
    [InlineData(null, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. ArithmeticException: secret TimeoutException: inner")]
    public async Task An_unexpected_exception_is_unknown_and_told_only_when_allowed(bool? isDetailed, string detail)
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers { Send = (_, _) => throw new ArithmeticException("secret", new TimeoutException("inner")) },
            options => options.EnableDetailedErrors = isDetailed);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
        Assert.Equal(detail, refusal.Status.Detail);
    }

    [Fact]
    public async Task A_handler_that_returns_no_message_cancels_its_call()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers { Send = (_, _) => Task.FromResult<Parcel>(null!) });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
        Assert.Equal("No message returned from method.", refusal.Status.Detail);
    }

    [Fact]
    public async Task A_status_set_on_the_context_ends_the_call()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                context.Status = new Status(StatusCode.DataLoss, "torn");
                return Task.FromResult(parcel);
            },
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.DataLoss, refusal.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_fails_midway_delivers_what_came_before()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (_, parts, _) =>
            {
                await parts.WriteAsync(new Parcel { Label = "first" });
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "no more"));
            },
        });

        using var call = host.Client.Unpack(new Parcel());

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("first", call.ResponseStream.Current.Label);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_server_that_ends_a_client_stream_early_is_heard_by_the_writer()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Pack = (_, _) => throw new RpcException(new Status(StatusCode.PermissionDenied, "not you")),
        });

        using var call = host.Client.Pack();
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new Parcel { Label = "more" });
            }
        });

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task A_method_that_is_not_overridden_is_unimplemented()
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers(), app: app => Microsoft.AspNetCore.Builder.GrpcEndpointRouteBuilderExtensions.MapGrpcService<HalfService>(app));

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new Halves.HalfParcelService.HalfParcelServiceClient(host.Channel).SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Fact]
    public async Task A_service_that_is_not_mapped_is_unimplemented()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new Halves.HalfParcelService.HalfParcelServiceClient(host.Channel).SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
        Assert.Equal("Service is unimplemented.", refusal.Status.Detail);
    }

    [Fact]
    public async Task A_status_is_not_to_be_had_before_the_end()
    {
        var release = new TaskCompletionSource();
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = async (parcel, _) =>
            {
                await release.Task;
                return parcel;
            },
        });

        using var call = host.Client.SendAsync(new Parcel());

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        release.SetResult();
        await call;
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
    }

    private sealed class HalfService : Halves.HalfParcelService.HalfParcelServiceBase;

    /// <summary>Answers with a status and reads nothing of the request.</summary>
    private sealed class EarlyRefusal : HttpMessageHandler
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Answer.Task;
            var response = new HttpResponseMessage { Version = new Version(2, 0), Content = new ByteArrayContent([]), RequestMessage = request };
            response.Headers.TryAddWithoutValidation("grpc-status", "16");
            response.Headers.TryAddWithoutValidation("grpc-message", "no key");
            response.Headers.TryAddWithoutValidation("reason", "lid");
            return response;
        }
    }
}
