using System.Collections.Immutable;
using Google.Protobuf;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Sharing;

/// <summary>
/// The parts of a shared counter. Pure: every change is a new value, and the same value where nothing changed. It does not look into
/// contacts: a part is bytes, and parts laid end to end are all of them.
/// </summary>
/// <remarks>
/// A claim is kept until its debtor's row has passed the version that it was made for, or until the debtor has found, long after, that the
/// row is still at it: so what was written counts, and what was not counts too long rather than too short.
/// </remarks>
internal sealed record SharedCounter(ImmutableArray<SharedCounter.Party> Parties)
{
    public static readonly SharedCounter Empty = new([]);

    /// <summary>Debtors who share one account, debt or household.</summary>
    public const int PartyLimit = 16;

    /// <summary>Claims of one party whose outcome is open.</summary>
    public const int ClaimLimit = 16;

    /// <summary>A debtor's write that claims must be sent within this time, or not at all.</summary>
    public static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(30);

    /// <summary>After this a claim's write has long been sent or refused.</summary>
    public static readonly TimeSpan ClaimIsOld = TimeSpan.FromMinutes(2);

    /// <summary>One debtor's part.</summary>
    /// <param name="LapsesAt">Set where the debtor was erased: what is left counts until then.</param>
    internal sealed record Party(string Debtor, long Version, ReadOnlyMemory<byte> Contacts, ImmutableArray<Claim> Claims, DateTimeOffset? LapsesAt = null);

    /// <summary>Contacts that a debtor is about to write.</summary>
    internal sealed record Claim(string Id, long BaseVersion, DateTimeOffset MadeAt, ReadOnlyMemory<byte> Contacts);

    public (SharedCounter Next, SharedFate Fate) Publish(SharedPart part)
    {
        if (Parties.Any(party => party.LapsesAt <= part.Now)) return new SharedCounter(Parties.RemoveAll(party => party.LapsesAt <= part.Now)).Publish(part);
        var index = IndexOf(part.Debtor);
        if (index < 0)
        {
            if (Parties.Count(static party => party.LapsesAt is null) >= PartyLimit) return (this, SharedFate.Full);
            return (new SharedCounter(Parties.Add(new Party(part.Debtor, part.Version, part.Contacts, []))), SharedFate.Done);
        }

        var known = Parties[index];
        if (known.Version > part.Version) return (this, SharedFate.Behind);
        var claims = known.Claims.RemoveAll(claim => claim.BaseVersion < part.Version || (part.IsCurrent && claim.BaseVersion == part.Version && IsOld(claim, part.Now)));
        if (claims.Length == known.Claims.Length && known.Contacts.Span.SequenceEqual(part.Contacts.Span)) return (this, SharedFate.Done);
        return (With(index, new Party(part.Debtor, part.Version, part.Contacts, claims)), SharedFate.Done);
    }

    /// <param name="claim">What is about to be written.</param>
    /// <param name="version">The counter's own.</param>
    public (SharedCounter Next, SharedFate Fate) Take(SharedClaim claim, long version)
    {
        var index = IndexOf(claim.Debtor);
        if (claim.SeenVersion != 0 && claim.SeenVersion != version) return (this, SharedFate.Moved);
        if (index < 0) return (this, SharedFate.Behind);
        var known = Parties[index];
        var others = known.Claims.RemoveAll(former => former.Id == claim.ClaimId);
        if (others.Length >= ClaimLimit) return (this, SharedFate.Full);
        return (With(index, known with { Claims = others.Add(new Claim(claim.ClaimId, claim.BaseVersion, claim.Now, claim.Contacts)) }), SharedFate.Done);
    }

    public SharedCounter Drop(string debtor, string claimId)
    {
        var index = IndexOf(debtor);
        if (index < 0) return this;
        var kept = Parties[index].Claims.RemoveAll(claim => claim.Id == claimId);
        return kept.Length == Parties[index].Claims.Length ? this : With(index, Parties[index] with { Claims = kept });
    }

    /// <summary>Claims go too: whoever leaves has written its last.</summary>
    public SharedCounter Leave(SharedLeaving leaving)
    {
        var index = IndexOf(leaving.Debtor);
        if (index < 0) return this;
        return leaving.Contacts.IsEmpty
            ? new SharedCounter(Parties.RemoveAt(index))
            : With(index, new Party(leaving.Heir, 0, leaving.Contacts, [], leaving.LapsesAt));
    }

    public SharedView SeenBy(string debtor, SharedFate fate, long version, DateTimeOffset now)
    {
        var others = new List<ReadOnlyMemory<byte>>();
        var names = ImmutableArray.CreateBuilder<string>(Parties.Length);
        var hasOld = false;
        foreach (var party in Parties)
        {
            if (party.Debtor == debtor)
            {
                hasOld = party.Claims.Any(claim => IsOld(claim, now));
                continue;
            }

            if (party.LapsesAt is null) names.Add(party.Debtor);
            others.Add(party.Contacts);
            others.AddRange(party.Claims.Select(static claim => claim.Contacts));
        }

        return new SharedView(fate, version, Joined(others), names.ToImmutable(), hasOld);
    }

    public byte[] Encode()
    {
        var stored = new Stored.SharedCounter();
        foreach (var party in Parties)
        {
            var one = new Stored.SharedParty { Debtor = party.Debtor, Version = party.Version, Contacts = UnsafeByteOperations.UnsafeWrap(party.Contacts), LapsesAt = party.LapsesAt?.ToUnixTimeMilliseconds() ?? 0 };
            foreach (var claim in party.Claims)
            {
                one.Claims.Add(new Stored.SharedClaim
                {
                    Id = claim.Id,
                    BaseVersion = claim.BaseVersion,
                    MadeAt = claim.MadeAt.ToUnixTimeMilliseconds(),
                    Contacts = UnsafeByteOperations.UnsafeWrap(claim.Contacts),
                });
            }

            stored.Parties.Add(one);
        }

        return stored.ToByteArray();
    }

    public static SharedCounter Decode(ReadOnlySpan<byte> bytes) => new(
        [.. Stored.SharedCounter.Parser.ParseFrom(bytes).Parties.Select(static party => new Party(
            party.Debtor,
            party.Version,
            party.Contacts.Memory,
            [.. party.Claims.Select(static claim => new Claim(claim.Id, claim.BaseVersion, DateTimeOffset.FromUnixTimeMilliseconds(claim.MadeAt), claim.Contacts.Memory))],
            party.LapsesAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(party.LapsesAt)))]);

    private static bool IsOld(Claim claim, DateTimeOffset now) => now - claim.MadeAt > ClaimIsOld;

    private SharedCounter With(int index, Party party) => new(Parties.SetItem(index, party));

    private int IndexOf(string debtor)
    {
        for (var index = 0; index < Parties.Length; index++)
        {
            if (Parties[index].Debtor == debtor) return index;
        }

        return -1;
    }

    private static byte[] Joined(List<ReadOnlyMemory<byte>> parts)
    {
        var joined = new byte[parts.Sum(static part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }

        return joined;
    }
}
