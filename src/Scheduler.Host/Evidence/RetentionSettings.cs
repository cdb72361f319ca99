using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Host.Configuration;

namespace Scheduler.Host.Evidence;

/// <summary>The configured terms of retention.</summary>
internal static class RetentionSettings
{
    private const string DefaultName = "default";

    public static RetentionTerms Read(EvidenceOptions options)
    {
        var terms = ImmutableDictionary.CreateBuilder<string, RetentionTerm>(StringComparer.OrdinalIgnoreCase);
        var fallback = Retention.Default.Default;
        foreach (var (name, option) in options.Retention)
        {
            if (option.Days < 0) throw new ConfigurationException($"Evidence:Retention:{name}:Days must not be negative.");
            if (option.Basis.Length == 0) throw new ConfigurationException($"Evidence:Retention:{name}:Basis is missing: whoever asks for an erasure is told it.");
            var term = new RetentionTerm(Duration.FromDays(option.Days), option.Basis);
            if (string.Equals(name, DefaultName, StringComparison.OrdinalIgnoreCase)) fallback = term;
            else terms[name] = term;
        }

        return new RetentionTerms(fallback, terms.ToImmutable());
    }
}
