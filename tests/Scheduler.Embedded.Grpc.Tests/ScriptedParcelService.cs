using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>What a test wants the four methods to do; the defaults echo, repeat, join and echo each.</summary>
internal sealed class Handlers
{
    public UnaryServerMethod<Parcel, Parcel> Send { get; init; } = (parcel, _) => Task.FromResult(parcel);

    public ServerStreamingServerMethod<Parcel, Parcel> Unpack { get; init; } = async (parcel, parts, _) =>
    {
        for (var i = 1; i <= parcel.Count; i++)
        {
            await parts.WriteAsync(new Parcel { Label = $"{parcel.Label} {i}", Count = i, Ballast = parcel.Ballast });
        }
    };

    public ClientStreamingServerMethod<Parcel, Parcel> Pack { get; init; } = async (parts, _) =>
    {
        var joined = new Parcel();
        await foreach (var part in parts.ReadAllAsync())
        {
            joined.Label += part.Label;
            joined.Count++;
        }

        return joined;
    };

    public DuplexStreamingServerMethod<Parcel, Parcel> Exchange { get; init; } = async (parcels, echoes, _) =>
    {
        await foreach (var parcel in parcels.ReadAllAsync())
        {
            await echoes.WriteAsync(parcel);
        }
    };
}

/// <summary>The parcel service, doing what the test's handlers say.</summary>
internal sealed class ScriptedParcelService(Handlers handlers) : ParcelService.ParcelServiceBase
{
    public override Task<Parcel> Send(Parcel request, ServerCallContext context) => handlers.Send(request, context);

    public override Task Unpack(Parcel request, IServerStreamWriter<Parcel> responseStream, ServerCallContext context) =>
        handlers.Unpack(request, responseStream, context);

    public override Task<Parcel> Pack(IAsyncStreamReader<Parcel> requestStream, ServerCallContext context) =>
        handlers.Pack(requestStream, context);

    public override Task Exchange(
        IAsyncStreamReader<Parcel> requestStream, IServerStreamWriter<Parcel> responseStream, ServerCallContext context) =>
        handlers.Exchange(requestStream, responseStream, context);
}
