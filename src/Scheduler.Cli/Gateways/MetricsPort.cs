using System.Net;
using System.Text;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Gateways;

/// <summary><c>GET /metrics</c> on a port of its own, in Prometheus' text format; on every address, without a credential.</summary>
/// <remarks>Threading: one scrape at a time. Failure: one that breaks off is forgotten; placing never waits for it.</remarks>
internal sealed class MetricsPort : IAsyncDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly HttpListener _listener = new();
    private readonly Func<string> _write;
    private readonly Task _answering;

    private MetricsPort(int port, Func<string> write)
    {
        _write = write;
        _listener.Prefixes.Add($"http://*:{port}/");
        _listener.Start();
        _answering = AnswerAsync();
    }

    public static MetricsPort Open(int port, Func<string> write)
    {
        if (port is < 1 or > 65_535) throw new UsageException("--metrics-port must be 1..65535");
        try
        {
            return new MetricsPort(port, write);
        }
        catch (HttpListenerException refused)
        {
            throw new UsageException($"--metrics-port {port} cannot be listened on: {refused.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        while (await NextAsync() is { } scrape)
        {
            try
            {
                await AnswerAsync(scrape);
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // Whoever asked has gone.
            }
        }
    }

    private async Task<HttpListenerContext?> NextAsync()
    {
        try
        {
            return await _listener.GetContextAsync();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task AnswerAsync(HttpListenerContext scrape)
    {
        using var response = scrape.Response;
        if (scrape.Request.HttpMethod != "GET" || scrape.Request.Url?.AbsolutePath != "/metrics")
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        var text = Encoding.UTF8.GetBytes(_write());
        response.ContentType = ContentType;
        response.ContentLength64 = text.Length;
        await response.OutputStream.WriteAsync(text);
    }
}
