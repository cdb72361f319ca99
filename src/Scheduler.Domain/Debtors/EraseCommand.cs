using System.Collections.Immutable;
using NodaTime;

namespace Scheduler.Domain.Debtors;

/// <summary>How long evidence is kept after the last act, and by which law or choice.</summary>
public sealed record RetentionTerm(Duration For, string Basis);

/// <summary>Terms by country; where several apply, or none is known, the longest binds.</summary>
public sealed record RetentionTerms(RetentionTerm Default, ImmutableDictionary<string, RetentionTerm> ByCountry)
{
    public RetentionTerm Of(DebtorProfile profile)
    {
        var countries = profile.Locations.Select(static place => place.CountryCode).Where(static code => code.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var applying = countries.Count > 0 ? countries.Select(code => ByCountry.GetValueOrDefault(code, Default)) : ByCountry.Values.Append(Default);
        return applying.MaxBy(static term => term.For)!;
    }
}

/// <summary>A wish that a person's data be erased.</summary>
/// <param name="LastActAt">The latest contact or closing in the log; null where there was none.</param>
public sealed record EraseCommand(string RequestId, string ActorId, string Reason, Instant? LastActAt, RetentionTerms Retention);

/// <summary>Data that must be kept for now.</summary>
/// <param name="Until">Null: while what the basis names lasts.</param>
public sealed record RetainedRecord(string What, string Basis, Instant? Until, Duration? For);

/// <summary>Answer to an erasure.</summary>
/// <param name="Retained">Why nothing was erased; empty when it was, now or before.</param>
public sealed record EraseReply(ApplyState State, ImmutableArray<RetainedRecord> Retained)
{
    public bool IsErased => Retained.IsEmpty;
}
