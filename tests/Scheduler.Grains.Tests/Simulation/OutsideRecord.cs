using System.Collections.Concurrent;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>What gateways and upstream were told and did, kept apart from the service: the truth that its log is held against.</summary>
internal sealed class OutsideRecord
{
    /// <summary>What is wrong, one sentence each.</summary>
    public ConcurrentQueue<string> Findings { get; } = new();

    /// <summary>Entries that were acknowledged.</summary>
    public HashSet<(string Debtor, long Version)> Entries { get; } = [];

    /// <summary>Signals and closures that were acknowledged, by the words of <see cref="LogOfRun"/>.</summary>
    public HashSet<(string Debtor, string Fact)> Facts { get; } = [];

    /// <summary>Facts of leases that were acknowledged: placed, not placed, confirmed, released.</summary>
    public HashSet<(string Dispatch, string Fact)> OfLeases { get; } = [];

    /// <summary>Until when a gateway was told that its lease lives.</summary>
    public Dictionary<string, DateTimeOffset> Extended { get; } = new(StringComparer.Ordinal);

    /// <summary>Every dispatch that ever reached a gateway, with its token.</summary>
    public Dictionary<string, V1.Dispatch> HandedOut { get; } = new(StringComparer.Ordinal);

    /// <summary>What happened in the world.</summary>
    public List<Placement> Placements { get; } = [];

    /// <summary>Times in which a channel, or all of them, was stopped; by positions of the log.</summary>
    public List<Stop> Stops { get; } = [];

    /// <summary>Pulls that waited, by their ends: for nothing, with dispatches, left by their callers.</summary>
    public int[] Polls { get; } = new int[3];

    public int Refused { get; set; }

    public int Lost { get; set; }

    public void Found(string what) => Findings.Enqueue(what);

    /// <summary>What failed is not known to the caller, who goes on; what cannot happen is a finding.</summary>
    public async Task<T?> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or IOException or OperationCanceledException)
        {
            Lost++;
            return default;
        }
        catch (Exception failure) when (failure is not NullReferenceException)
        {
            Found($"threw {failure.GetType().Name}: {failure.Message}");
            return default;
        }
    }
}

/// <summary>A contact that was really made.</summary>
/// <param name="IsDelivered">It reached the debtor, so the law counts it.</param>
internal sealed record Placement(string Dispatch, string Debtor, V1.ContactChannel Channel, DateTimeOffset At, bool IsDelivered);

/// <summary>A pause that was acknowledged.</summary>
/// <param name="From">Last record of the log when it was.</param>
/// <param name="To">Last record when its end was ordered; null: it never was.</param>
/// <param name="End">When it ends by itself.</param>
internal sealed record Stop(Domain.Debtors.ContactChannel? Channel, long From, long? To, DateTimeOffset End);
