using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A channel to one address over HTTP/2: prior knowledge for http, TLS for https. Safe for concurrent use; keep one for long.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> _addresses = new();
    private readonly CancellationTokenSource _disposal = new();
    private readonly Uri _address;
    private bool _isDisposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        _address = address;
        ReceiveLimit = options.MaxReceiveMessageSize;
        SendLimit = options.MaxSendMessageSize;
        Log = options.LoggerFactory?.CreateLogger("Grpc.Net.Client.GrpcChannel") ?? NullLogger.Instance;
        Transport = options.HttpHandler is null
            ? new HttpMessageInvoker(CreateHandler(address))
            : new HttpMessageInvoker(options.HttpHandler, options.DisposeHttpClient);
    }

    internal int? ReceiveLimit { get; }

    internal int? SendLimit { get; }

    internal ILogger Log { get; }

    internal HttpMessageInvoker Transport { get; }

    /// <summary>Cancelled when the channel is disposed, and every call with it.</summary>
    internal CancellationToken Disposal => _disposal.Token;

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(new Uri(address), channelOptions);
    }

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"The address must be http or https, not '{address.Scheme}'.", nameof(address));
        }

        var isSecure = address.Scheme == Uri.UriSchemeHttps;
        if (channelOptions.Credentials is { } credentials && credentials.IsSecure != isSecure)
        {
            throw new InvalidOperationException(
                $"The channel's credentials are {(credentials.IsSecure ? "secure" : "insecure")} and the address is {address.Scheme}.");
        }

        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new ChannelCallInvoker(this);
    }

    /// <summary>Cancels the calls under way and closes the connections.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _disposal.Cancel();
            Transport.Dispose();
            _disposal.Dispose();
        }
    }

    internal Uri AddressOf(IMethod method)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _addresses.GetOrAdd(method, static (key, address) => new Uri(address, key.FullName), _address);
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler CreateHandler(Uri address) => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        // A proxy between plain-text HTTP/2 peers would have to speak it with prior knowledge: none does.
        UseProxy = address.Scheme == Uri.UriSchemeHttps,
    };
}
