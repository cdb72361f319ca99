using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Scheduler.V1;

namespace Scheduler.Cli.Sessions;

/// <summary>One connection to the service, with the credential on every call.</summary>
internal sealed class ServiceSession : IDisposable
{
    private const int LargestMessage = 8 * 1024 * 1024;

    private readonly GrpcChannel? _channel;

    public ServiceSession(string address, string token)
        : this(Open(address, out var channel).Intercept(new CredentialInterceptor(token))) => _channel = channel;

    /// <summary>Over whatever carries the calls.</summary>
    internal ServiceSession(CallInvoker invoker)
    {
        Invoker = invoker;
        Ingest = new(Invoker);
        Debtors = new(Invoker);
        Dispatches = new(Invoker);
        Operations = new(Invoker);
        Evidence = new(Invoker);
        Policy = new(Invoker);
        Repairs = new(Invoker);
    }

    public CallInvoker Invoker { get; }

    public IngestService.IngestServiceClient Ingest { get; }

    public DebtorService.DebtorServiceClient Debtors { get; }

    public DispatchService.DispatchServiceClient Dispatches { get; }

    public OperationsService.OperationsServiceClient Operations { get; }

    public EvidenceService.EvidenceServiceClient Evidence { get; }

    public PolicyService.PolicyServiceClient Policy { get; }

    public RepairService.RepairServiceClient Repairs { get; }

    public void Dispose() => _channel?.Dispose();

    private static GrpcChannel Open(string address, out GrpcChannel channel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"--address must be http://host:port or https://host:port, not '{address}'");
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = LargestMessage });
        return channel;
    }
}
