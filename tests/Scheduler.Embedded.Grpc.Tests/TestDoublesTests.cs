using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class TestDoublesTests
{
    [Fact]
    public async Task A_service_can_be_called_with_a_context_that_a_test_made()
    {
        var http = new DefaultHttpContext();
        var context = new MadeContext { UserState = { ["__HttpContext"] = http } };
        var service = new ScriptedParcelService(new Handlers
        {
            Send = (parcel, call) =>
            {
                Assert.Same(http, call.GetHttpContext());
                call.Status = new Status(StatusCode.OK, call.Method);
                call.ResponseTrailers.Add("seen", "yes");
                return Task.FromResult(parcel);
            },
        });

        await service.Send(new Parcel(), context);

        Assert.Equal("/made/Up", context.Status.Detail);
        Assert.Equal("yes", context.ResponseTrailers.GetValue("seen"));
        Assert.Equal(DateTime.MaxValue, context.Deadline);
    }

    [Fact]
    public void A_context_without_a_request_says_so() =>
        Assert.Throws<InvalidOperationException>(() => new MadeContext().GetHttpContext());

    [Fact]
    public async Task A_client_can_be_replaced_by_a_double()
    {
        ParcelService.ParcelServiceClient client = new MadeClient();

        Assert.Equal("made up", await LabelAsync(client));

        static async Task<string> LabelAsync(ParcelService.ParcelServiceClient it) => (await it.SendAsync(new Parcel())).Label;
    }

    [Fact]
    public void Generated_code_can_bind_an_instance() =>
        Assert.NotNull(ParcelService.BindService(new ScriptedParcelService(new Handlers())));

    private sealed class MadeClient : ParcelService.ParcelServiceClient
    {
        public override AsyncUnaryCall<Parcel> SendAsync(
            Parcel request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
            new(
                Task.FromResult(new Parcel { Label = "made up" }),
                Task.FromResult(new Metadata()),
                () => Status.DefaultSuccess,
                () => [],
                () => { });
    }

    private sealed class MadeContext : ServerCallContext
    {
        protected override string MethodCore => "/made/Up";

        protected override string HostCore => "localhost";

        protected override string PeerCore => "ipv4:127.0.0.1:1";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new(null, []);

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            throw new NotSupportedException();
    }
}
