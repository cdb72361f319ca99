using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_interceptors_stand_around_all_four_kinds_in_the_order_added()
    {
        var notes = new Notes();
        await using var host = await ParcelHost.StartAsync(
            new Handlers(),
            options =>
            {
                options.Interceptors.Add<Noting>("outer");
                options.Interceptors.Add<Noting>("inner");
            },
            web => web.Services.AddSingleton(notes));

        await CallAllKindsAsync(host.Client);

        string[] expected =
        [
            "outer unary", "inner unary", "outer server stream", "inner server stream",
            "outer client stream", "inner client stream", "outer duplex", "inner duplex",
        ];
        Assert.Equal(expected, notes.Lines);
    }

    [Fact]
    public async Task An_interceptor_is_made_for_each_call_unless_registered()
    {
        var notes = new Notes();
        await using var perCall = await ParcelHost.StartAsync(
            new Handlers(), options => options.Interceptors.Add<Counting>(), web => web.Services.AddSingleton(notes));
        await using var shared = await ParcelHost.StartAsync(
            new Handlers(),
            options => options.Interceptors.Add<Counting>(),
            web => web.Services.AddSingleton(notes).AddSingleton<Counting>());

        await perCall.Client.SendAsync(new Parcel());
        await perCall.Client.SendAsync(new Parcel());
        await shared.Client.SendAsync(new Parcel());
        await shared.Client.SendAsync(new Parcel());

        Assert.Equal(["call 1", "disposed", "call 1", "disposed", "call 1", "call 2"], notes.Lines);
    }

    [Fact]
    public async Task A_server_interceptor_may_refuse_a_call()
    {
        var isCalled = false;
        await using var host = await ParcelHost.StartAsync(
            new Handlers
            {
                Send = (parcel, _) =>
                {
                    isCalled = true;
                    return Task.FromResult(parcel);
                },
            },
            options => options.Interceptors.Add<Refusing>());

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.False(isCalled);
    }

    [Fact]
    public async Task Client_interceptors_stand_around_all_four_kinds_and_may_add_headers()
    {
        var tenants = new List<string?>();
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                tenants.Add(context.RequestHeaders.GetValue("tenant"));
                return Task.FromResult(parcel);
            },
        });
        var notes = new Notes();
        var invoker = host.Channel.Intercept(new Noting("inner", notes)).Intercept(new Noting("outer", notes));
        var client = new ParcelService.ParcelServiceClient(invoker);

        await CallAllKindsAsync(client);
        await Task.Run(() => client.Send(new Parcel()), TestContext.Current.CancellationToken);

        Assert.Equal(["outer, inner", "outer, inner"], tenants);
        Assert.Equal("outer calls unary", notes.Lines[0]);
        Assert.Equal("inner calls unary", notes.Lines[1]);
        Assert.Equal("inner calls blocking", notes.Lines[^1]);
        Assert.Equal(10, notes.Lines.Count);
    }

    private static async Task CallAllKindsAsync(ParcelService.ParcelServiceClient client)
    {
        await client.SendAsync(new Parcel());
        using var unpack = client.Unpack(new Parcel());
        await unpack.ResponseStream.MoveNext(CancellationToken.None);
        using var pack = client.Pack();
        await pack.RequestStream.CompleteAsync();
        await pack;
        using var exchange = client.Exchange();
        await exchange.RequestStream.CompleteAsync();
        await exchange.ResponseStream.MoveNext(CancellationToken.None);
    }

    private sealed class Notes
    {
        public List<string> Lines { get; } = [];
    }

    private sealed class Refusing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"));
    }

    private sealed class Counting(Notes notes) : Interceptor, IDisposable
    {
        private int _calls;

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            notes.Lines.Add($"call {++_calls}");
            return continuation(request, context);
        }

        public void Dispose() => notes.Lines.Add("disposed");
    }

    private sealed class Noting(string name, Notes notes) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Note("unary");
            return continuation(request, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("server stream");
            return continuation(request, responseStream, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("client stream");
            return continuation(requestStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("duplex");
            return continuation(requestStream, responseStream, context);
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Note("calls blocking");
            return continuation(request, WithTenant(context));
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            Note("calls unary");
            return continuation(request, WithTenant(context));
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Note("calls server stream");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Note("calls client stream");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            Note("calls duplex");
            return continuation(context);
        }

        private ClientInterceptorContext<TRequest, TResponse> WithTenant<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            var headers = new Metadata();
            foreach (var entry in context.Options.Headers ?? [])
            {
                headers.Add(entry);
            }

            headers.Add("tenant", name);
            return new(context.Method, context.Host, context.Options.WithHeaders(headers));
        }

        private void Note(string line) => notes.Lines.Add($"{name} {line}");
    }
}
