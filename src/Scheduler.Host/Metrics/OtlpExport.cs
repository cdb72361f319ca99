using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Host.Configuration;

namespace Scheduler.Host.Metrics;

/// <summary>Sends metrics and sampled traces to a collector. What it cannot deliver is dropped; nothing waits for it.</summary>
internal sealed class OtlpExport : BackgroundService
{
    /// <summary>The exporter collects every minute by itself; the store's figures are never older than this by then.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly StateGauges _gauges;
    private readonly TransportClock _clock;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    public OtlpExport(OtlpOptions options, StateGauges gauges, TransportClock clock, ProcessGauges process)
    {
        _gauges = gauges;
        _clock = clock;
        _ = process;
        var resource = ResourceBuilder.CreateDefault().AddService("scheduler");
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter("Scheduler.*")
            .AddOtlpExporter(exporter => Set(exporter, options, "v1/metrics")).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ContactTraces.SourceName)
            .SetSampler(new TraceIdRatioBasedSampler(options.SampleRatio)).AddOtlpExporter(exporter => Set(exporter, options, "v1/traces")).Build();
    }

    /// <summary>Sends what is left.</summary>
    public override void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _clock.Time);
        do await _gauges.RefreshAsync(MetricsEndpoint.StateAge, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static void Set(OtlpExporterOptions exporter, OtlpOptions options, string path)
    {
        var isHttp = options.Protocol == OtlpProtocol.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri(options.Endpoint.TrimEnd('/') + "/" + path) : new Uri(options.Endpoint);
    }
}
