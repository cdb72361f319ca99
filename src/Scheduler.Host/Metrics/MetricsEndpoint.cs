using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NodaTime;
using Scheduler.Grains.Operations;
using Scheduler.Host.Configuration;

namespace Scheduler.Host.Metrics;

/// <summary><c>GET /metrics</c> on a port of its own; on the others there is nothing under that path.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Figures of the store are read again when they are older: a scrape every second must not scan the due index every second.</summary>
    public static readonly Duration StateAge = Duration.FromSeconds(10);

    private static readonly object Mark = new();

    public static void Listen(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Items[Mark] = true;
            return next(connection);
        });
    }

    /// <summary>What the configuration asks for: the port, the export, both or neither.</summary>
    public static void AddTelemetry(this IServiceCollection services, SchedulerOptions options)
    {
        services.AddSingleton<ProcessGauges>();
        if (options.Metrics.Port is not null) services.AddSingleton(static _ => MetricsBook.OfScheduler());
        if (options.Otlp.Endpoint.Length == 0) return;
        services.AddSingleton(options.Otlp);
        services.AddHostedService<OtlpExport>();
    }

    public static void MapMetrics(this WebApplication app)
    {
        var book = app.Services.GetRequiredService<MetricsBook>();
        var gauges = app.Services.GetRequiredService<StateGauges>();
        app.Services.GetRequiredService<ProcessGauges>();
        app.MapGet("/metrics", async (HttpContext context) =>
        {
            if (context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) != true) return Results.NotFound();
            await gauges.RefreshAsync(StateAge, context.RequestAborted);
            return Results.Text(book.Write(), PrometheusText.ContentType);
        });
    }
}
