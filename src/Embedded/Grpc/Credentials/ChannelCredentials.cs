namespace Grpc.Core;

/// <summary>Whether a channel uses TLS; it must agree with the scheme of the address.</summary>
public abstract class ChannelCredentials
{
    private protected ChannelCredentials(bool isSecure) => IsSecure = isSecure;

    public static ChannelCredentials Insecure { get; } = new Scheme(isSecure: false);

    public static ChannelCredentials SecureSsl { get; } = new Scheme(isSecure: true);

    internal bool IsSecure { get; }

    private sealed class Scheme(bool isSecure) : ChannelCredentials(isSecure);
}

/// <summary>Credentials of one call. Part of signatures only: nothing creates one, tokens travel as headers.</summary>
public abstract class CallCredentials
{
    private protected CallCredentials()
    {
    }
}
