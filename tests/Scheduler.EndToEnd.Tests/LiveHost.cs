using Grpc.Core;
using Grpc.Net.Client;

namespace Scheduler.EndToEnd.Tests;

/// <summary>The host that lives now, across kills: callers repeat what was not answered on the next one.</summary>
/// <param name="settings">Beside those of every host here.</param>
internal sealed class LiveHost(
    string folder, DateTimeOffset firstClock, TimeSpan clockStep, IReadOnlyDictionary<string, string>? settings = null) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<GrpcChannel> _current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostProcess? _process;
    private int _starts;
    private int _answered;
    private (int Count, TaskCompletionSource Reached) _milestone = (int.MaxValue, new TaskCompletionSource());

    public HostProcess Process => _process ?? throw new InvalidOperationException("not started");

    public DateTimeOffset Now => firstClock + (clockStep * Math.Max(0, _starts - 1));

    public async Task StartAsync()
    {
        _starts++;
        var all = HostProcess.Simulated(folder, Now);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal)) all[name] = value;
        _process = await HostProcess.StartAsync(all);
        _current.SetResult(_process.Connect());
    }

    public async Task KillAndRestartAsync()
    {
        var channel = await _current.Task;
        lock (_gate) _current = new TaskCompletionSource<GrpcChannel>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Process.KillAsync();
        channel.Dispose();
        await Process.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Completes when that many more calls were answered.</summary>
    public Task AfterAnswersAsync(int count)
    {
        lock (_gate)
        {
            _milestone = (_answered + count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _milestone.Reached.Task;
        }
    }

    /// <summary>Makes the same call again and again until a host answers it.</summary>
    public async Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call)
    {
        while (true)
        {
            var channel = await Current();
            try
            {
                var answer = await call(channel.CreateCallInvoker(), new CallOptions(new Metadata { { "authorization", "Bearer development" } }));
                Answered();
                return answer;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown)
            {
                // The host was killed: wait for the one that takes its place. A host that lives and answers so is a failure.
                if (await Current() == channel && !Process.HasEnded) throw new InvalidOperationException($"{e.Status}: {Process.Log}", e);
                await NextAfterAsync(channel);
            }
            catch (ObjectDisposedException)
            {
                await NextAfterAsync(channel);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }

    private Task<GrpcChannel> Current()
    {
        lock (_gate) return _current.Task;
    }

    private async Task NextAfterAsync(GrpcChannel former)
    {
        while (await Current() == former) await Task.Yield();
    }

    private void Answered()
    {
        lock (_gate)
        {
            if (++_answered >= _milestone.Count) _milestone.Reached.TrySetResult();
        }
    }
}
