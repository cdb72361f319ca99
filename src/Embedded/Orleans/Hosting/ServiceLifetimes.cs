using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>How long services live, read from the host's registrations once they are complete.</summary>
internal sealed class ServiceLifetimes(IServiceCollection services)
{
    public bool IsSingleton(Type type) => Last(type)?.Lifetime == ServiceLifetime.Singleton;

    public bool IsRegistered(Type type) => Last(type) is not null;

    private ServiceDescriptor? Last(Type type)
    {
        var exact = services.LastOrDefault(each => !each.IsKeyedService && each.ServiceType == type);
        if (exact is not null || !type.IsConstructedGenericType) return exact;
        var definition = type.GetGenericTypeDefinition();
        return services.LastOrDefault(each => !each.IsKeyedService && each.ServiceType == definition);
    }
}
