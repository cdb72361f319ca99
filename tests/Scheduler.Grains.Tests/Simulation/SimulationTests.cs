using System.Globalization;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// The dispatch life under faults, by seed. The pinned seeds run always; <c>SIMULATION_SEED</c> names a first seed of others and <c>SIMULATION_RUNS</c> how
/// many follow it, <c>SIMULATION_STEPS</c> how long each is. A finding adds its seed here.
/// </summary>
public sealed class SimulationTests
{
    private const int Steps = 120;

    public static IEnumerable<TheoryDataRow<int>> Seeds =>
        Environment.GetEnvironmentVariable("SIMULATION_SEED") is { Length: > 0 } first
            ? Enumerable.Range(Number(first), Number(Environment.GetEnvironmentVariable("SIMULATION_RUNS") ?? "100")).Select(static seed => new TheoryDataRow<int>(seed))
            : Enumerable.Range(1, 20).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_fails_nothing_acknowledged_is_lost_and_no_invariant_is_broken(int seed)
    {
        await using var life = new SimulatedLife(seed);
        await life.RunAsync(Environment.GetEnvironmentVariable("SIMULATION_STEPS") is { Length: > 0 } steps ? Number(steps) : Steps);
        Assert.True(life.Outside.Findings.IsEmpty, $"seed {seed}:{Environment.NewLine}{string.Join(Environment.NewLine, life.Outside.Findings.Take(20))}");
        var isPolled = life.Outside.Polls is [> 0, _, > 0];
        Assert.True(isPolled && life.Log!.LeaseCount > 10 && life.Outside.Placements.Count > 0 && life.Outside.Lost > 0, "so little happened that nothing is shown");
    }

    /// <summary>The simulation is worth what it can find: with a guard of the store taken away, some seed finds it at once.</summary>
    [Theory]
    [InlineData(BrokenGuard.Versions, "ChainBroken")]
    [InlineData(BrokenGuard.Commits, "never leased")]
    [InlineData(BrokenGuard.Events, "acknowledged and lost")]
    public async Task A_guard_that_is_taken_away_is_found(BrokenGuard guard, string finding)
    {
        var found = new List<string>();
        for (var seed = 1; seed <= 6 && !found.Exists(one => one.Contains(finding, StringComparison.Ordinal)); seed++)
        {
            await using var life = new SimulatedLife(seed, guard);
            await life.RunAsync(Steps);
            found.AddRange(life.Outside.Findings);
        }

        Assert.Contains(found, one => one.Contains(finding, StringComparison.Ordinal));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
