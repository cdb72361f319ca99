using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>A Kestrel server on a free loopback port with the parcel service, and a channel to it.</summary>
internal sealed class ParcelHost : IAsyncDisposable
{
    private ParcelHost(WebApplication app, Uri address, GrpcChannelOptions options)
    {
        App = app;
        Address = address;
        Channel = GrpcChannel.ForAddress(address.ToString(), options);
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public ParcelService.ParcelServiceClient Client => new(Channel);

    public static async Task<ParcelHost> StartAsync(
        Handlers handlers,
        Action<GrpcServiceOptions>? grpc = null,
        Action<WebApplicationBuilder>? builder = null,
        Action<WebApplication>? app = null,
        Action<GrpcServiceEndpointConventionBuilder>? endpoints = null,
        Action<KestrelServerOptions>? listen = null,
        GrpcChannelOptions? channel = null)
    {
        var web = WebApplication.CreateSlimBuilder();
        web.Logging.ClearProviders();
        web.WebHost.ConfigureKestrel(listen ?? (kestrel => kestrel.ListenLocalhost0()));
        web.Services.AddRouting();
        web.Services.AddGrpc(grpc ?? (_ => { }));
        web.Services.AddSingleton(handlers);
        builder?.Invoke(web);
        var application = web.Build();
        app?.Invoke(application);
        var mapped = application.MapGrpcService<ScriptedParcelService>();
        endpoints?.Invoke(mapped);
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new ParcelHost(application, new Uri(address), channel ?? new GrpcChannelOptions());
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.DisposeAsync();
    }
}

/// <summary>Listening on a port that the machine chooses.</summary>
internal static class KestrelListening
{
    public static void ListenLocalhost0(this KestrelServerOptions kestrel) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
}
