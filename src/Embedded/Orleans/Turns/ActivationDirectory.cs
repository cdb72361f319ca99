using System.Collections.Concurrent;
using Orleans.Hosting;
using Orleans.References;

namespace Orleans.Turns;

/// <summary>Every grain in memory, by id: at most one activation each.</summary>
internal sealed class ActivationDirectory(Silo silo)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public int Count => _activations.Count;

    /// <summary>Puts the turn into the mailbox of the grain's activation, made if there is none.</summary>
    public Activation Deliver(GrainClass grainClass, GrainId grainId, ITurn turn)
    {
        while (true)
        {
            if (!_activations.TryGetValue(grainId, out var activation))
            {
                activation = _activations.GetOrAdd(grainId, static (id, made) => new Activation(made.Silo, made.Class, id), (Silo: silo, Class: grainClass));
            }

            if (activation.TryEnqueue(turn)) return activation;
            Remove(activation);
        }
    }

    public void Remove(Activation activation) =>
        _activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation));

    public void CollectIdle(long now)
    {
        foreach (var (_, activation) in _activations) activation.CollectIfIdle(now);
    }

    /// <summary>Waits until no turn runs or waits anywhere. Turns may send turns, so it looks again until a whole round finds quiet.</summary>
    public Task BecomeQuietAsync(CancellationToken cancellationToken) => BecomeQuietAsync(static _ => true, cancellationToken);

    /// <summary>The same of some grains only: others may hold turns that wait for time to pass.</summary>
    public async Task BecomeQuietAsync(Predicate<GrainId> among, CancellationToken cancellationToken)
    {
        bool waited;
        do
        {
            waited = false;
            foreach (var (id, activation) in _activations)
            {
                if (!among(id)) continue;
                var quiet = activation.BecomeQuietAsync();
                if (quiet.IsCompleted) continue;
                waited = true;
                await quiet.WaitAsync(cancellationToken);
            }
        }
        while (waited);
    }

    /// <summary>Makes every grain leave memory, those too that come into it meanwhile.</summary>
    public async Task DeactivateAllAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        while (!_activations.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (_, activation) in _activations) activation.Close(reason);
            foreach (var (_, activation) in _activations) await activation.BecomeQuietAsync().WaitAsync(cancellationToken);
        }
    }
}
