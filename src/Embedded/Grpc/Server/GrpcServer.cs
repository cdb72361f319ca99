using System.IO.Compression;
using Grpc.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>What all calls of one server share: limits, clock, log and the interceptors.</summary>
internal sealed class GrpcServer
{
    /// <summary>A clock registered under this key runs the deadlines, where the host's own clock is simulated.</summary>
    public const string ClockKey = "Grpc.Deadlines";

    public GrpcServer(IOptions<GrpcServiceOptions> options, IServiceProvider services, ILogger<GrpcServer> log)
    {
        var value = options.Value;
        ReceiveLimit = value.MaxReceiveMessageSize;
        SendLimit = value.MaxSendMessageSize;
        TellsExceptions = value.EnableDetailedErrors ?? false;
        CompressesResponses = value.ResponseCompressionAlgorithm == WireNames.Gzip;
        CompressionLevel = value.ResponseCompressionLevel ?? CompressionLevel.Fastest;
        Interceptors = [.. value.Interceptors];
        Clock = services.GetKeyedService<TimeProvider>(ClockKey) ?? services.GetService<TimeProvider>() ?? AmbientClock.Instance;
        Log = log;
    }

    /// <summary>Whether the routes for calls of unknown services are there; they are mapped once, with the first service.</summary>
    public bool HasUnknownServiceRoute { get; set; }

    public int? ReceiveLimit { get; }

    public int? SendLimit { get; }

    public bool TellsExceptions { get; }

    public bool CompressesResponses { get; }

    public CompressionLevel CompressionLevel { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }

    public TimeProvider Clock { get; }

    public ILogger Log { get; }
}
