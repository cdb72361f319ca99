namespace Orleans.Runtime;

/// <summary>A storage provider that a grain names is not registered.</summary>
[GenerateSerializer]
public class BadProviderConfigException : OrleansException
{
    public BadProviderConfigException() { }

    public BadProviderConfigException(string message) : base(message) { }

    public BadProviderConfigException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The silo is configured in a way it cannot run; it refuses to start.</summary>
[GenerateSerializer]
public class OrleansConfigurationException : Exception
{
    public OrleansConfigurationException() { }

    public OrleansConfigurationException(string message) : base(message) { }

    public OrleansConfigurationException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The silo has not started, or is stopping, and takes no call from outside.</summary>
[GenerateSerializer]
public class SiloUnavailableException : OrleansException
{
    public SiloUnavailableException() { }

    public SiloUnavailableException(string message) : base(message) { }

    public SiloUnavailableException(string message, Exception? innerException) : base(message, innerException) { }
}
