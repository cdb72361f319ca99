using System.Diagnostics;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scheduler.V1;

namespace Scheduler.Benchmarks;

/// <summary>
/// What gRPC costs by itself, client and server in one process on loopback: small unary calls, and calls that carry 100 items.
/// Prints one line per measurement: operations a second, microseconds and bytes for each, both sides together.
/// </summary>
public static class GrpcBenchmarks
{
    private const int BatchSize = 100;

    internal static async Task<int> RunAsync(BenchmarkScale scale)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<CannedDispatchService>();
        await using var app = builder.Build();
        app.MapGrpcService<CannedDispatchService>();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var channel = GrpcChannel.ForAddress(address);
        var client = new DispatchService.DispatchServiceClient(channel);

        var one = Leases(1);
        var hundred = Leases(BatchSize);
        foreach (var callers in (int[])[1, 16, 64, 256])
        {
            var calls = scale.Amount(callers == 1 ? 10_000 : 60_000);
            await MeasureAsync($"unary call, {callers} callers", calls, 1, callers, () => client.ExtendLeasesAsync(one).ResponseAsync);
        }

        var deadline = new DateTime(9000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await MeasureAsync("unary call with a deadline, 64 callers", scale.Amount(60_000), 1, 64, () =>
            client.ExtendLeasesAsync(one, deadline: deadline).ResponseAsync);
        await MeasureAsync("100 leases up, 100 results down, 16 callers", scale.Amount(6_000), BatchSize, 16, () =>
            client.ExtendLeasesAsync(hundred).ResponseAsync);
        await MeasureAsync("100 dispatches down, 16 callers", scale.Amount(6_000), BatchSize, 16, () =>
            client.PullDispatchesAsync(new PullDispatchesRequest { MaxDispatches = BatchSize }).ResponseAsync);
        await app.StopAsync();
        return 0;
    }

    private static ExtendLeasesRequest Leases(int count)
    {
        var request = new ExtendLeasesRequest { LeaseDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)) };
        for (var i = 0; i < count; i++)
        {
            request.Leases.Add(new LeaseRef { DispatchId = Id(i), LeaseToken = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8) });
        }

        return request;
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"debtor{i:D8}.1z");

    /// <summary>Three runs; the first warms up and the best of the others counts.</summary>
    private static async Task MeasureAsync(string name, int calls, int items, int callers, Func<Task> call)
    {
        var best = TimeSpan.MaxValue;
        long bytes = 0;
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < calls / callers; i++)
                {
                    await call();
                }
            })));
            watch.Stop();
            if (round > 0 && watch.Elapsed < best)
            {
                best = watch.Elapsed;
                bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / calls / items;
            }
        }

        var operations = (double)calls * items;
        Console.WriteLine($"{name,-60} {operations / best.TotalSeconds,12:N0}/s {best.TotalMicroseconds / operations,9:N2} us {bytes,7:N0} B");
    }

    /// <summary>Answers at once, from memory.</summary>
    private sealed class CannedDispatchService : DispatchService.DispatchServiceBase
    {
        private static readonly Timestamp ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);
        private static readonly PullDispatchesResponse Pulled = Dispatches();

        public override Task<ExtendLeasesResponse> ExtendLeases(ExtendLeasesRequest request, ServerCallContext context)
        {
            var response = new ExtendLeasesResponse();
            foreach (var lease in request.Leases)
            {
                response.Results.Add(new LeaseResult { Ok = lease.DispatchId.Length > 0, LeaseExpireTime = ExpireTime });
            }

            return Task.FromResult(response);
        }

        public override Task<PullDispatchesResponse> PullDispatches(PullDispatchesRequest request, ServerCallContext context) =>
            Task.FromResult(Pulled);

        private static PullDispatchesResponse Dispatches()
        {
            var response = new PullDispatchesResponse();
            for (var i = 0; i < BatchSize; i++)
            {
                response.Dispatches.Add(new Dispatch
                {
                    DispatchId = Id(i),
                    TenantId = "acme",
                    DebtorId = "debtor",
                    PointId = "mobile",
                    Address = "+573001234567",
                    LeaseToken = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
                    LeaseExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
                    NotBeforeTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
                    NotAfterTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
                    Priority = i,
                });
            }

            return response;
        }
    }
}
