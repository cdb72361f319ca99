using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Scheduler.V1;

namespace Scheduler.EndToEnd.Tests;

/// <summary>What the real host refuses to start as, whom it lets in, and what it never writes down.</summary>
public sealed class HostBorderTests
{
    private const int RefusedConfiguration = 2;
    private const int RefusedStorage = 3;

    [Theory]
    [InlineData("Listen__CertificatePath", "Listen__Address", "0.0.0.0")]
    [InlineData("Access:Credentials", "Listen__Address", "0.0.0.0", "Listen__AllowInsecure", "true")]
    [InlineData("simulated clock", "Listen__Address", "0.0.0.0", "Listen__AllowInsecure", "true", "Access__Credentials__0__Actor", "a", "Access__Credentials__0__TokenSha256", "00")]
    [InlineData("Listen:Port", "Listen__Port", "70000")]
    [InlineData("Evidence:MasterKeyFile", "Evidence__MasterKeyFile", "nowhere/master.key")]
    public async Task An_unsafe_configuration_is_refused_by_name(string named, params string[] settings)
    {
        using var folder = new TemporaryFolder();
        var all = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        foreach (var pair in settings.Chunk(2)) all[pair[0]] = pair[1];
        var (code, said) = await HostProcess.RefusedAsync(all);
        Assert.Equal(RefusedConfiguration, code);
        Assert.Contains(named.Replace("__", ":", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task A_database_is_opened_with_the_keys_it_was_sealed_with_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning)) Assert.Equal(0, await first.StopAsync());
        File.Delete(Path.Combine(folder.Path, "keys", "master.key"));

        var (code, said) = await HostProcess.RefusedAsync(HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning));
        Assert.Equal(RefusedConfiguration, code);
        Assert.Contains("Evidence:MasterKeyFile", said);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "keys", "master.key"), "1 " + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        (code, said) = await HostProcess.RefusedAsync(HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning));
        Assert.Equal(RefusedConfiguration, code);
        Assert.Contains("another", said);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using var first = await HostProcess.StartAsync(folder.Path, Portfolio.TuesdayMorning);
        var (code, _) = await HostProcess.RefusedAsync(HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning));
        Assert.Equal(RefusedStorage, code);
        using var channel = first.Connect();
        Assert.Equal(EntryState.Accepted, (await EnqueueAsync(channel, "development", 1)).Results.Single().State);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task Over_tls_the_configured_credential_is_let_in_and_the_development_one_is_not()
    {
        using var folder = new TemporaryFolder();
        var certificate = WriteCertificate(folder.Path);
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        settings["Listen__CertificatePath"] = certificate;
        settings["Access__Credentials__0__Actor"] = "core-banking";
        settings["Access__Credentials__0__TokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("a-token")));
        settings["Access__Credentials__0__Roles__0"] = "ingest";
        settings["Access__Credentials__0__Tenants__0"] = Portfolio.Tenant;
        await using var host = await HostProcess.StartAsync(settings);
        Assert.StartsWith("https://", host.Address);
        using var own = X509CertificateLoader.LoadCertificateFromFile(Path.ChangeExtension(certificate, ".cer"));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == own.GetCertHashString();
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler });

        Assert.Equal(EntryState.Accepted, (await EnqueueAsync(channel, "a-token", 1)).Results.Single().State);
        var refused = await Assert.ThrowsAsync<RpcException>(() => EnqueueAsync(channel, "development", 2));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        var counts = new OperationsService.OperationsServiceClient(channel).GetStatisticsAsync(
            new GetStatisticsRequest { TenantId = Portfolio.Tenant }, Authorization("a-token"));
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(async () => await counts)).StatusCode);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task Logs_at_their_most_talkative_hold_no_number_and_no_mailbox()
    {
        using var folder = new TemporaryFolder();
        var settings = HostProcess.Simulated(folder.Path, Portfolio.TuesdayMorning);
        settings["Log__Level"] = "Trace";
        await using var host = await HostProcess.StartAsync(settings);
        using (var channel = host.Connect())
        {
            await EnqueueAsync(channel, "development", 1, 2, 3);
            var broken = Portfolio.Entry(4, Portfolio.TuesdayMorning);
            broken.ContactPoints.Points[0].Address = "+573001234567x";
            var answer = await Ingest(channel).EnqueueAccountsAsync(new EnqueueAccountsRequest { TenantId = Portfolio.Tenant, Entries = { broken } }, Authorization("development"));
            Assert.Equal(EntryState.Rejected, answer.Results.Single().State);
        }

        Assert.Equal(0, await host.StopAsync());
        var log = await host.WholeLogAsync();
        Assert.Contains("\"LogLevel\":\"", log);
        Assert.DoesNotContain("+1212", log);
        Assert.DoesNotContain("+573", log);
        Assert.DoesNotContain("@example.com", log);
    }

    private static async Task<EnqueueAccountsResponse> EnqueueAsync(GrpcChannel channel, string token, params int[] debtors)
    {
        var request = new EnqueueAccountsRequest { TenantId = Portfolio.Tenant };
        request.Entries.AddRange(debtors.Select(number => Portfolio.Entry(number, Portfolio.TuesdayMorning)));
        return await Ingest(channel).EnqueueAccountsAsync(request, Authorization(token));
    }

    private static IngestService.IngestServiceClient Ingest(GrpcChannel channel) => new(channel);

    private static Metadata Authorization(string token) => new() { { "authorization", "Bearer " + token } };

    private static string WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var path = Path.Combine(folder, "tls.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12));
        File.WriteAllBytes(Path.ChangeExtension(path, ".cer"), certificate.Export(X509ContentType.Cert));
        return path;
    }
}
