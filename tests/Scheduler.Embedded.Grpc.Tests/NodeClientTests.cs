using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>grpc-js's client against our server; the scenarios are in interop/client.js.</summary>
[Collection(NodePeer.Collection)]
public sealed class NodeClientTests
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("unary")]
    [InlineData("server stream")]
    [InlineData("client stream")]
    [InlineData("duplex")]
    [InlineData("metadata")]
    [InlineData("error details")]
    [InlineData("unknown method")]
    [InlineData("four mebibytes")]
    [InlineData("gzip")]
    public async Task The_client_of_grpc_js_is_served(string scenario)
    {
        await using var host = await StartAsync();

        await RunAsync(host, scenario);
    }

    [Theory]
    [InlineData("deadline")]
    [InlineData("cancel")]
    public async Task A_handler_is_told_when_the_client_of_grpc_js_gives_up(string scenario)
    {
        await using var host = await StartAsync();

        await RunAsync(host, scenario);

        await _cancelled.Task;
    }

    private static async Task RunAsync(ParcelHost host, string scenario)
    {
        var (exitCode, output) = await NodePeer.RunToEndAsync("node", ["client.js", host.Address.Authority, scenario]);
        Assert.True(exitCode == 0, output);
    }

    private Task<ParcelHost> StartAsync() => ParcelHost.StartAsync(
        new Handlers { Send = SendAsync, Exchange = ExchangeAsync }, options => options.ResponseCompressionAlgorithm = "gzip");

    private async Task<Parcel> SendAsync(Parcel parcel, ServerCallContext context)
    {
        switch (parcel.Label)
        {
            case "refuse":
                throw new RpcException(
                    new Status(StatusCode.FailedPrecondition, "el buzón está lleno: 100 %"),
                    new Metadata { { "grpc-status-details-bin", [8, 9, 18, 1, 120, 255] } });
            case "metadata":
                await context.WriteResponseHeadersAsync(new Metadata { { "tenant", context.RequestHeaders.GetValue("tenant")! } });
                context.ResponseTrailers.Add("weight-bin", context.RequestHeaders.GetValueBytes("weight-bin")!);
                return parcel;
            case "echo the encoding":
                return new Parcel { Label = context.RequestHeaders.GetValue("grpc-encoding") ?? "none", Ballast = parcel.Ballast };
            case "wait":
                await WaitForCancellationAsync(context);
                return parcel;
            default:
                return parcel;
        }
    }

    private async Task ExchangeAsync(
        IAsyncStreamReader<Parcel> parcels, IServerStreamWriter<Parcel> echoes, ServerCallContext context)
    {
        await foreach (var parcel in parcels.ReadAllAsync())
        {
            await echoes.WriteAsync(parcel);
            if (parcel.Label == "wait")
            {
                await WaitForCancellationAsync(context);
            }
        }
    }

    private async Task WaitForCancellationAsync(ServerCallContext context)
    {
        await using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        await _cancelled.Task;
        context.CancellationToken.ThrowIfCancellationRequested();
    }
}
