using System.Collections.Immutable;

namespace Scheduler.Grains.Sharing;

/// <summary>
/// One counter wider than a debtor, keyed <c>tenant/kind/id</c>: what each party of an account, a debt or a household adds. What it says is
/// written first. Calls no other grain, so debtors may wait for it.
/// </summary>
[Alias("scheduler.shared-counter")]
public interface ISharedCounterGrain : IGrainWithStringKey
{
    /// <summary>Replaces the party's part with the truth of its row, and answers what the others add.</summary>
    Task<SharedView> Publish(SharedPart part);

    /// <summary>Counts contacts that the party is about to write, if nothing has changed since it last looked.</summary>
    Task<SharedView> Claim(SharedClaim claim);

    /// <summary>They were not written.</summary>
    Task Drop(string debtor, string claimId);

    /// <summary>The party is none any more. Repeated, it changes nothing.</summary>
    Task Leave(SharedLeaving leaving);
}

/// <summary>A party's contacts as its row has them.</summary>
/// <param name="Version">Version of the row; 0 when there is none yet.</param>
/// <param name="Contacts">Encoded by <c>SharedContactCodec</c>.</param>
/// <param name="IsCurrent">The row's version was read from the store just now: claims that were made long before and are not of a later version came to nothing.</param>
[GenerateSerializer, Immutable, Alias("scheduler.shared-part")]
public sealed record SharedPart(string Debtor, long Version, ReadOnlyMemory<byte> Contacts, DateTimeOffset Now, bool IsCurrent);

/// <summary>Contacts that are to be written with the row's next version.</summary>
/// <param name="ClaimId">Of this turn alone; claimed again it replaces the former.</param>
/// <param name="SeenVersion">Version of the counter that the decision stands on; 0: a fact, which counts whatever others did.</param>
[GenerateSerializer, Immutable, Alias("scheduler.shared-claim")]
public sealed record SharedClaim(string Debtor, string ClaimId, long BaseVersion, ReadOnlyMemory<byte> Contacts, DateTimeOffset Now, long SeenVersion);

/// <summary>How a party leaves.</summary>
/// <param name="Contacts">What goes on counting for the others, encoded and under ids that lead to nobody; empty: nothing does.</param>
/// <param name="Heir">Name, of no debtor, that they stand under.</param>
/// <param name="LapsesAt">From when they count no more.</param>
[GenerateSerializer, Immutable, Alias("scheduler.shared-leaving")]
public sealed record SharedLeaving(string Debtor, ReadOnlyMemory<byte> Contacts, string Heir, DateTimeOffset LapsesAt);

/// <summary>What became of a publication or a claim.</summary>
[GenerateSerializer]
public enum SharedFate
{
    None = 0,
    Done = 1,

    /// <summary>Others added something since: decide again with what stands in the answer.</summary>
    Moved = 2,

    /// <summary>The party's row is newer than the caller believes.</summary>
    Behind = 3,

    /// <summary>The counter has all the parties, or the party all the claims, that it may have.</summary>
    Full = 4,
}

/// <summary>The counter as one party sees it.</summary>
/// <param name="Others">Contacts and claims of the other parties.</param>
/// <param name="OtherParties">Debtor ids.</param>
/// <param name="HasOldClaims">The party has claims so old that their writes can no longer happen.</param>
[GenerateSerializer, Immutable, Alias("scheduler.shared-view")]
public sealed record SharedView(SharedFate Fate, long Version, ReadOnlyMemory<byte> Others, ImmutableArray<string> OtherParties, bool HasOldClaims);
