using System.Net;

namespace Scheduler.Host.Configuration;

/// <summary>What is wrong with the configuration, in words for whoever starts the host.</summary>
public sealed class ConfigurationException(string message) : Exception(message);

/// <summary>Refuses to start what would be unsafe or cannot work.</summary>
internal static class ConfigurationCheck
{
    private const int HighestPort = 65_535;

    /// <summary>The options with Listen:Url taken apart.</summary>
    public static SchedulerOptions Resolve(SchedulerOptions options)
    {
        if (options.Listen.Url.Length == 0) return options;
        if (!Uri.TryCreate(options.Listen.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new ConfigurationException("Listen:Url is not of the form http://address:port.");
        }

        if (url.Scheme == "https" && options.Listen.CertificatePath.Length == 0) throw new ConfigurationException("Listen:Url is https: set Listen:CertificatePath.");
        return options with { Listen = options.Listen with { Address = url.Host, Port = url.Port } };
    }

    public static void Demand(SchedulerOptions options, bool hasCredentials)
    {
        if (options.Listen.Port is < 0 or > HighestPort) throw new ConfigurationException("Listen:Port must be 0 to 65535.");
        if (options.Health.Port is < 0 or > HighestPort) throw new ConfigurationException("Health:Port must be 0 to 65535.");
        if (options.Metrics.Port is < 0 or > HighestPort) throw new ConfigurationException("Metrics:Port must be 0 to 65535.");
        if (options.Otlp.SampleRatio is not (>= 0 and <= 1)) throw new ConfigurationException("Otlp:SampleRatio must be 0 to 1.");
        if (options.Otlp.Endpoint.Length > 0 && !Uri.TryCreate(options.Otlp.Endpoint, UriKind.Absolute, out _)) throw new ConfigurationException("Otlp:Endpoint is no address.");
        var isLoopback = IPAddress.IsLoopback(AddressOf(options.Listen));
        var hasTls = options.Listen.CertificatePath.Length > 0;
        if (!isLoopback && !hasTls && !options.Listen.AllowInsecure)
        {
            throw new ConfigurationException(
                $"Listen:Address {options.Listen.Address} is reached by others, and calls would travel in plain text. Set Listen:CertificatePath, "
                + "or Listen:AllowInsecure=true behind a proxy that ends TLS.");
        }

        if (!isLoopback && !hasCredentials)
        {
            throw new ConfigurationException(
                $"Listen:Address {options.Listen.Address} is reached by others, and no credential is configured. Set Access:Credentials.");
        }

        if (hasTls && !File.Exists(options.Listen.CertificatePath)) throw new ConfigurationException("Listen:CertificatePath: there is no such file.");
        if (options.Clock.Mode == ClockMode.Simulated && !isLoopback) throw new ConfigurationException("A simulated clock runs on loopback only.");
        if (options.Clock.Mode == ClockMode.Simulated && options.Clock.Start is null) throw new ConfigurationException("A simulated clock needs Clock:Start.");
        if (options.Rules.ReplanPerSecond is < 10 or > 1_000_000) throw new ConfigurationException("Rules:ReplanPerSecond must be 10 to 1000000.");
        if (options.Evidence.EventRetention is < 90 or > 36_500) throw new ConfigurationException("Evidence:EventRetention must be 90 to 36500 days.");
        if (options.Rules.StrategyDirectory.Length > 0 && !Directory.Exists(options.Rules.StrategyDirectory))
        {
            throw new ConfigurationException("Rules:StrategyDirectory: there is no such folder.");
        }
    }

    public static void DemandStorage(StorageOptions options)
    {
        if (options.Provider == StorageProvider.Postgres && options.Postgres.ConnectionString.Length == 0)
            throw new ConfigurationException("Storage:Provider is Postgres: set Storage:Postgres:ConnectionString.");
        if (options.Postgres.CommitsInFlight is < 1 or > 16) throw new ConfigurationException("Storage:Postgres:CommitsInFlight must be 1 to 16.");
        if (options.Postgres.StatementTimeoutSeconds is < 1 or > 9)
            throw new ConfigurationException("Storage:Postgres:StatementTimeoutSeconds must be 1 to 9: no transaction is to be older than ten seconds.");
    }

    public static IPAddress AddressOf(ListenSettings listen) => listen.Address switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(listen.Address, out var address)
            ? address
            : throw new ConfigurationException($"Listen:Address '{listen.Address}' is not an IP address."),
    };
}
