using System.Collections.Immutable;
using Scheduler.Domain.Strategies;

namespace Scheduler.RulePacks.Strategies;

/// <summary>The strategies that are part of this assembly, and the way to load others beside them.</summary>
public static class StrategyLibrary
{
    /// <summary>The shipped strategies: the classic one as everybody's default, one channel a week as Colombia's.</summary>
    public static StrategySet LoadShipped() => Load([]);

    /// <summary>The shipped strategies and others; of one id the highest version is in force.</summary>
    /// <exception cref="PackFormatException">Carries every problem of every file.</exception>
    public static StrategySet Load(IEnumerable<PackText> files)
    {
        var strategies = ImmutableArray.CreateBuilder<Strategy>();
        var problems = ImmutableArray.CreateBuilder<PackProblem>();
        foreach (var file in ShippedFiles.StrategyFiles().Concat(files))
        {
            var strategy = StrategyReader.Read(file, out var found);
            problems.AddRange(found);
            if (strategy is not null) strategies.Add(strategy);
        }

        return problems.Count == 0 ? new StrategySet(strategies.ToImmutable()) : throw new PackFormatException(problems.ToImmutable());
    }
}
