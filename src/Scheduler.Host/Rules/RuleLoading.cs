using Scheduler.Domain.Attempts;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Host.Configuration;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.RulePacks.Strategies;
using Scheduler.Storage;

namespace Scheduler.Host.Rules;

/// <summary>What the host starts with. Of the host: nothing else disposes it.</summary>
internal sealed record LoadedRules(RuleBook Rules, PolicyBook Policy, PauseBoard Pauses) : IDisposable
{
    public void Dispose()
    {
        Policy.Dispose();
        Rules.Dispose();
    }
}

/// <summary>Loads strategies and the packs in force, and applies what the configuration asks for, before anything else starts.</summary>
internal static class RuleLoading
{
    public static async Task<LoadedRules> LoadAsync(RuleOptions options, ISchedulerStore store, TimeProvider clock, ClockGuard guard)
    {
        try
        {
            var archive = new PackArchive(store.Settings, new PackShelf(PackEdition.Shipped()));
            var pauses = new PauseBoard(store.Settings, clock);
            var rules = new RuleBook(archive, store.Settings, store.Epochs, LoadStrategies(options), LeaseTerms.Default, pauses, guard);
            var policy = new PolicyBook(archive, store.Settings, store.Epochs, rules, clock);
            await policy.StartAsync(options.Modes);
            return new LoadedRules(rules, policy, pauses);
        }
        catch (Exception failure) when (failure is PackFormatException or ArgumentException)
        {
            throw new ConfigurationException("Rules: " + failure.Message);
        }
    }

    private static StrategySet LoadStrategies(RuleOptions options) => options.StrategyDirectory.Length == 0
        ? StrategyLibrary.LoadShipped()
        : StrategyLibrary.Load(Directory.EnumerateFiles(options.StrategyDirectory, "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(static path => new PackText(Path.GetFileName(path), File.ReadAllText(path))));
}
