using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Erasing;

/// <summary>Terms of retention where the host is not told others.</summary>
public static class Retention
{
    /// <summary>A choice, not a law: long enough for the periods in which contacts of this kind are usually disputed.</summary>
    public static readonly RetentionTerms Default = new(
        new RetentionTerm(Duration.FromDays(3 * 366), "kept for three years after the last contact or closing, as nothing else is configured"),
        ImmutableDictionary<string, RetentionTerm>.Empty);
}
