using System.Net;
using System.Net.Security;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task RequireAuthorization_guards_every_method()
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers
            {
                Send = (_, context) => Task.FromResult(new Parcel { Label = context.GetHttpContext().User.Identity!.Name! }),
            },
            builder: web =>
            {
                web.Services.AddAuthentication("token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("token", null);
                web.Services.AddAuthorization(options => options.AddPolicy("ingest", policy => policy.RequireRole("ingest")));
            },
            app: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            },
            endpoints: service => service.RequireAuthorization("ingest"));

        Assert.Equal(StatusCode.Unauthenticated, await RefusedAsync(host, []));
        Assert.Equal(StatusCode.PermissionDenied, await RefusedAsync(host, new Metadata { { "authorization", "Bearer gateway" } }));
        var answer = await host.Client.SendAsync(new Parcel(), new Metadata { { "authorization", "Bearer ingest" } });
        Assert.Equal("ingest", answer.Label);
    }

    [Fact]
    public async Task A_service_is_made_for_each_call_in_the_scope_of_the_call()
    {
        var seen = new List<Scoped>();
        await using var host = await ParcelHost.StartAsync(
            new Handlers
            {
                Send = (parcel, context) =>
                {
                    seen.Add(context.GetHttpContext().RequestServices.GetRequiredService<Scoped>());
                    return Task.FromResult(parcel);
                },
            },
            builder: web => web.Services.AddScoped<Scoped>());

        await host.Client.SendAsync(new Parcel());
        await host.Client.SendAsync(new Parcel());

        Assert.Equal(2, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_service_registered_as_singleton_serves_all_calls()
    {
        var service = new ScriptedParcelService(new Handlers { Send = (_, _) => Task.FromResult(new Parcel { Label = "the one" }) });
        await using var host = await ParcelHost.StartAsync(new Handlers(), builder: web => web.Services.AddSingleton(service));

        Assert.Equal("the one", (await host.Client.SendAsync(new Parcel())).Label);
    }

    [Fact]
    public async Task A_call_over_tls_is_answered()
    {
        using var certificate = SelfSigned();
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString(),
            },
        };
        await using var host = await ParcelHost.StartAsync(
            new Handlers { Send = (_, context) => Task.FromResult(new Parcel { Label = context.GetHttpContext().Request.Scheme }) },
            listen: kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificate);
            }),
            channel: new GrpcChannelOptions { HttpHandler = handler, Credentials = ChannelCredentials.SecureSsl });

        Assert.Equal("https", (await host.Client.SendAsync(new Parcel())).Label);
    }

    [Fact]
    public void Credentials_have_to_agree_with_the_address()
    {
        Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("http://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("https://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }));
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress("ftp://localhost:1"));
    }

    [Fact]
    public void Mapping_a_service_without_AddGrpc_says_so()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddGrpc", Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<ScriptedParcelService>()).Message);
    }

    private static async Task<StatusCode> RefusedAsync(ParcelHost host, Metadata headers) =>
        (await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel(), headers).ResponseAsync)).StatusCode;

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(WallClock.Now.AddDays(-1), WallClock.Now.AddDays(1));
    }

    private sealed class Scoped;

    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            if (header.Length == 0)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var role = header["Bearer ".Length..];
            var identity = new ClaimsIdentity([new(ClaimTypes.Role, role), new(ClaimTypes.Name, role)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
