using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Rules;
using Scheduler.Host.Configuration;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Reading;
using Scheduler.RulePacks.Strategies;
using Scheduler.Storage;

namespace Scheduler.Host.Rules;

/// <summary>The packs and strategies that this host decides by, compiled once per policy epoch.</summary>
/// <remarks>Threading: any; a snapshot is swapped whole.</remarks>
public sealed class RuleBook : IRuleSource, IDisposable
{
    private readonly RuleOptions _options;
    private readonly IEpochStore _epochs;
    private readonly PackLibrary _packs;
    private readonly StrategySet _strategies;
    private readonly SemaphoreSlim _oneRefresh = new(1, 1);
    private RulesInForce _current;

    private RuleBook(RuleOptions options, IEpochStore epochs, PackLibrary packs, StrategySet strategies, Epochs atStart)
    {
        _options = options;
        _epochs = epochs;
        _packs = packs;
        _strategies = strategies;
        _current = Compile(atStart);
    }

    public RulesInForce Current => Volatile.Read(ref _current);

    public static async Task<RuleBook> LoadAsync(RuleOptions options, IEpochStore epochs)
    {
        try
        {
            return new RuleBook(options, epochs, PackLibrary.LoadShipped(), LoadStrategies(options), await epochs.ReadEpochsAsync());
        }
        catch (Exception failure) when (failure is PackFormatException or ArgumentException)
        {
            throw new ConfigurationException("Rules: " + failure.Message);
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _oneRefresh.WaitAsync(cancellationToken);
        try
        {
            var epochs = await _epochs.ReadEpochsAsync(cancellationToken);
            if (epochs != Current.Epochs) Volatile.Write(ref _current, Compile(epochs));
        }
        finally
        {
            _oneRefresh.Release();
        }
    }

    public void Dispose() => _oneRefresh.Dispose();

    private RulesInForce Compile(Epochs epochs) =>
        new(new DecisionContext(_packs.Compile(epochs.Policy, _options.Modes), _strategies, LeaseTerms.Default), epochs);

    private static StrategySet LoadStrategies(RuleOptions options) => options.StrategyDirectory.Length == 0
        ? StrategyLibrary.LoadShipped()
        : StrategyLibrary.Load(Directory.EnumerateFiles(options.StrategyDirectory, "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(static path => new PackText(Path.GetFileName(path), File.ReadAllText(path))));
}
