using System.Collections.Immutable;

namespace Scheduler.Grains.Erasing;

/// <summary>A wish that the debtor's personal data be erased.</summary>
/// <param name="Actor">Id from the credential.</param>
[GenerateSerializer, Immutable, Alias("scheduler.erase-request")]
public sealed record EraseRequest(string RequestId, string Actor, string Reason);

/// <summary>Why something is kept.</summary>
/// <param name="Until">Null: while what the basis names lasts.</param>
[GenerateSerializer, Immutable, Alias("scheduler.retained")]
public sealed record RetainedAnswer(string What, string Basis, DateTimeOffset? Until, TimeSpan? Retention);

/// <summary>Answer to an erasure.</summary>
/// <param name="Found">There is such a debtor, or was.</param>
/// <param name="Retained">Empty when the data are erased, now or before.</param>
/// <param name="Aliases">Ids that were merged into the debtor, to be erased with it.</param>
[GenerateSerializer, Immutable, Alias("scheduler.erase-answer")]
public sealed record EraseAnswer(bool Found, ImmutableArray<RetainedAnswer> Retained, ImmutableArray<string> Aliases);

/// <summary>Answer to the note that everything held was handed over.</summary>
[GenerateSerializer]
public enum ExportPermission
{
    None = 0,
    Noted = 1,
    NoDebtor = 2,
    Erased = 3,
}
