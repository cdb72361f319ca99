using System.Collections.Concurrent;
using Orleans.Storage;

namespace Scheduler.Embedded.Orleans.Tests.Storage;

/// <summary>A storage provider in memory, with ETags, that fails on request.</summary>
public sealed class NotebookStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (object? State, int Version)> _pages = new(StringComparer.Ordinal);

    public Exception? NextFailure { get; set; }

    public ICollection<string> Keys => _pages.Keys;

    public void Tamper(string key) => _pages[key] = (_pages[key].State, _pages[key].Version + 1);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        FailIfAsked();
        if (_pages.TryGetValue(Page(stateName, grainId), out var page))
        {
            grainState.State = (T?)page.State;
            grainState.ETag = $"{page.Version}";
            grainState.RecordExists = true;
        }
        else
        {
            grainState.State = default;
            grainState.ETag = null;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        FailIfAsked();
        var key = Page(stateName, grainId);
        var stored = _pages.TryGetValue(key, out var page) ? $"{page.Version}" : null;
        if (stored != grainState.ETag) throw new InconsistentStateException("Somebody else wrote.", stored, grainState.ETag);
        _pages[key] = (grainState.State, page.Version + 1);
        grainState.ETag = $"{page.Version + 1}";
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        FailIfAsked();
        _pages.TryRemove(Page(stateName, grainId), out _);
        grainState.State = default;
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static string Page(string stateName, GrainId grainId) => $"{stateName}:{grainId}";

    private void FailIfAsked()
    {
        if (NextFailure is not { } failure) return;
        NextFailure = null;
        throw failure;
    }
}
