using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Scheduler.LoadTests.Traffic;
using Scheduler.V1;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// One unary call, measured by this client and by h2load with as many calls in flight: what this client costs and whether it tells the truth.
/// </summary>
internal sealed partial class CrossCheck : IScenario
{
    private const string Tenant = "load";
    private const string Method = "/scheduler.v1.DebtorService/GetDebtor";
    private const int InFlight = 64;
    private const int FrameHead = 5;

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var work = stage.Open(Tenant, "c");
        await new Upstream(stage).EnqueueAsync(work, 0, 1, static _ => Appointment.Idle, stage.Clock.Real.GetTimestamp());
        var request = new GetDebtorRequest { TenantId = Tenant, DebtorId = work.Portfolio.IdOf(0) };
        var length = TimeSpan.FromSeconds(stage.Options.Seconds / 2.0);
        // The call's own code is compiled before it counts.
        await stage.BeginMeasuringAsync();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => CallAsync(stage, request, length / 2)));
        await stage.BeginMeasuringAsync();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => CallAsync(stage, request, length)));
        var elapsed = stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom).TotalSeconds;
        stage.Tell("client_per_second", stage.Meters.Get.Items / elapsed);
        stage.Tell("client_mean_ms", stage.Meters.Get.Latency.MeanMilliseconds);
        await RunOtherAsync(stage, request, (int)Math.Ceiling(length.TotalSeconds), cancel);
    }

    private static async Task CallAsync(LoadStage stage, GetDebtorRequest request, TimeSpan length)
    {
        while (stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom) < length)
            await stage.Caller.CallAsync(stage.Meters.Get, 1, stage.Clock.Real.GetTimestamp(), () => stage.Session.Debtors.GetDebtorAsync(request).ResponseAsync);
    }

    // The message as gRPC frames it: not compressed, four bytes of length.
    private static async Task RunOtherAsync(LoadStage stage, GetDebtorRequest request, int seconds, CancellationToken cancel)
    {
        var frame = new byte[FrameHead + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), request.CalculateSize());
        request.WriteTo(frame.AsSpan(FrameHead));
        var body = Path.GetTempFileName();
        await File.WriteAllBytesAsync(body, frame, cancel);
        try
        {
            string[] arguments =
            [
                "-D", $"{seconds}", "-c", "1", "-m", $"{InFlight}", "-t", "1", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
                "-H", "authorization: Bearer development", stage.Host.Address + Method,
            ];
            using var process = Process.Start(new ProcessStartInfo("h2load", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            Console.WriteLine(output);
            stage.Tell("h2load_per_second", Number(Rate().Match(output)));
            stage.Tell("h2load_failed", Number(Failed().Match(output)));
            stage.Tell("client_to_h2load", stage.ScenarioFigures["client_per_second"] / Math.Max(1, stage.ScenarioFigures["h2load_per_second"]));
        }
        catch (Win32Exception)
        {
            stage.Meters.Get.Fail("h2load is missing: apt-get install nghttp2-client");
        }
        finally
        {
            File.Delete(body);
        }
    }

    private static double Number(Match match) => match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"finished in .*?, ([\d.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+) failed")]
    private static partial Regex Failed();
}
