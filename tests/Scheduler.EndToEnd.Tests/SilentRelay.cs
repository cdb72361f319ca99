using System.Net;
using System.Net.Sockets;

namespace Scheduler.EndToEnd.Tests;

/// <summary>A connection to a host that can fall silent: what callers say still arrives, what the host answers is lost.</summary>
internal sealed class SilentRelay : IAsyncDisposable
{
    /// <summary>Acknowledgements and windows are a few bytes each; an answer with a dispatch is not.</summary>
    private const int ConnectionTalk = 400;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _host;
    private readonly Task _accepting;
    private readonly TaskCompletionSource _answerLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lost;
    private volatile bool _isSilent;

    public SilentRelay(string hostAddress)
    {
        _host = new Uri(hostAddress);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Ends when more was lost than a connection says by itself.</summary>
    public Task AnswerLost => _answerLost.Task;

    public void FallSilent() => _isSilent = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        {
            using var host = new TcpClient();
            await host.ConnectAsync(_host.Host, _host.Port, _stop.Token);
            var asking = CopyAsync(caller.GetStream(), host.GetStream(), isAnswer: false);
            await Task.WhenAny(asking, CopyAsync(host.GetStream(), caller.GetStream(), isAnswer: true));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (isAnswer && _isSilent)
                {
                    if (Interlocked.Add(ref _lost, count) > ConnectionTalk) _answerLost.TrySetResult();
                    continue;
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone: so is the connection.
        }
    }
}
