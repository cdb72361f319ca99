using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Scheduler.Domain.Attempts;
using Scheduler.Grains.Operations;
using Scheduler.Protocol.Border;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Calls;
using Scheduler.Services.Debtors;
using Scheduler.Services.Dispatches;
using Scheduler.Services.Evidence;
using Scheduler.Services.Health;
using Scheduler.Services.Ingest;
using Scheduler.Services.Operations;
using Scheduler.Services.Policy;
using Scheduler.Services.Reflection;
using Scheduler.Services.Refusals;
using Scheduler.Services.Repairs;
using Scheduler.Services.Stops;
using Scheduler.Storage;

namespace Scheduler.Services;

/// <summary>Adds this room to a host.</summary>
public static class SchedulerServices
{
    /// <summary>A message larger than this is refused unread.</summary>
    public const int MessageBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The host brings the clock, the grains, IDebtorIntake, IDispatchPull, ISchedulerStatistics, DrainSwitch, ISchedulerStore and RootBook.
    /// Credentials stand in the section "Access" of the configuration.
    /// </summary>
    public static IServiceCollection AddSchedulerServices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section));
        services.AddSingleton<CredentialBook>();
        services.AddSingleton<AccessInterceptor>();
        services.AddSingleton<FailureInterceptor>();
        services.TryAddSingleton<ContactCounters>();
        services.AddSingleton<CallMeter>();
        services.AddGrpc(static options =>
        {
            options.MaxReceiveMessageSize = MessageBytes;
            options.EnableDetailedErrors = false;
            options.Interceptors.Add<CallMeter>();
            options.Interceptors.Add<FailureInterceptor>();
            options.Interceptors.Add<AccessInterceptor>();
        });
        services.TryAddSingleton(static provider => provider.GetRequiredService<ISchedulerStore>().Debtors);
        services.TryAddSingleton(static provider => provider.GetRequiredService<ISchedulerStore>().Events);
        services.TryAddSingleton(LeaseTerms.Default);
        services.AddSingleton<DebtorRoute>();
        services.AddSingleton<StopReach>();
        services.AddSingleton<SignalRecorder>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<DebtorExport>();
        services.AddSingleton<PrivacyCalls>();
        services.AddSingleton<FactReports>();
        services.AddSingleton<LeaseCalls>();
        services.AddSingleton<RevocationInbox>();
        services.AddSingleton<RevocationWatch>();
        services.AddSingleton<Puller>();
        services.AddSingleton<Authorizer>();
        services.AddSingleton<DescriptorBook>();

        // Services hold no state of a call: one of each serves all calls.
        services.AddSingleton<IngestService>();
        services.AddSingleton<DebtorService>();
        services.AddSingleton<DispatchService>();
        services.AddSingleton<PauseCalls>();
        services.AddSingleton<PacingCalls>();
        services.AddSingleton<OperationsService>();
        services.AddSingleton<PolicyTrail>();
        services.AddSingleton<PolicyService>();
        services.AddSingleton<EvidenceService>();
        services.AddSingleton<UnresolvedCalls>();
        services.AddSingleton<RecoveryCalls>();
        services.AddSingleton<QuarantineCalls>();
        services.AddSingleton<RepairService>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<ReflectionService>();
        return services;
    }

    public static IEndpointRouteBuilder MapSchedulerServices(this IEndpointRouteBuilder endpoints)
    {
        // Built before the first call: a credential that cannot be read stops the host, not a caller.
        endpoints.ServiceProvider.GetRequiredService<CredentialBook>();
        endpoints.MapGrpcService<IngestService>();
        endpoints.MapGrpcService<DebtorService>();
        endpoints.MapGrpcService<DispatchService>();
        endpoints.MapGrpcService<OperationsService>();
        endpoints.MapGrpcService<PolicyService>();
        endpoints.MapGrpcService<EvidenceService>();
        endpoints.MapGrpcService<RepairService>();
        endpoints.MapGrpcService<HealthService>();
        endpoints.MapGrpcService<ReflectionService>();
        return endpoints;
    }
}
