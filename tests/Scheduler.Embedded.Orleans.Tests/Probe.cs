using System.Collections.Concurrent;

namespace Scheduler.Embedded.Orleans.Tests;

/// <summary>How grains and tests meet: grains note what they do and wait at named gates; tests wait for notes and open gates.</summary>
public sealed class Probe
{
    // Only so that a broken runtime fails a test instead of hanging it; no test asserts on time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<string> _notes = [];
    private readonly List<(string Note, int Count, TaskCompletionSource Seen)> _waits = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate) return [.. _notes];
        }
    }

    public void Note(string note)
    {
        lock (_gate)
        {
            _notes.Add(note);
            foreach (var wait in _waits.Where(wait => wait.Note == note && Count(note) >= wait.Count)) wait.Seen.TrySetResult();
        }
    }

    public Task SeenAsync(string note, int times = 1)
    {
        lock (_gate)
        {
            if (Count(note) >= times) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((note, times, seen));
            return seen.Task.WaitAsync(Patience);
        }
    }

    public int Count(string note)
    {
        lock (_gate) return _notes.Count(each => each == note);
    }

    /// <summary>Waits at a gate until a test opens it.</summary>
    public Task PassAsync(string gate) => Gate(gate).Task;

    public void Open(string gate) => Gate(gate).TrySetResult();

    public void ReleaseAll()
    {
        foreach (var gate in _gates.Values) gate.TrySetResult();
    }

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
