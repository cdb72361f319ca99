using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NodaTime;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;
using FactEvent = Scheduler.Domain.Debtors.DebtorEvent;
using RowKey = Scheduler.Storage.DebtorKey;
using StoredEvents = Scheduler.Storage.DebtorEvent;

namespace Scheduler.Grains.Writing;

/// <summary>What is known of a debtor's row: its state, and what the next write must say about the former one.</summary>
public sealed record DebtorRecord(DebtorState State, long Version, long LastEventSeq, int? Lane, long? DueAt, DebtorSeal Seal);

/// <summary>A write, and the record as it is once the write is durable.</summary>
public sealed record PreparedWrite(DebtorWrite Write, DebtorState After, DebtorSeal Seal);

/// <summary>What a write must satisfy beside the row's version.</summary>
/// <param name="Grows">It may be refused for its size while there is still room for what may not.</param>
/// <param name="Required">It commits only while the epochs are these.</param>
/// <param name="Unlinked">Links that end with it, beside those of addresses.</param>
/// <param name="AddressFactsSeen">Up to which fact about addresses the decision had looked.</param>
public readonly record struct WriteTerms(bool Grows = false, Epochs? Required = null, DateTimeOffset? Deadline = null, long AddressFactsSeen = 0, ImmutableArray<DebtorLink> Unlinked = default);

/// <summary>Turns a decision into one write: state, events with their place in the hash chain, due index, lane and links.</summary>
public sealed class DebtorWriting(ILaneCatalogue lanes, WriteIds ids, KeyRing keys, AddressBook addresses)
{
    // Opened once a thread: opening one costs as much as hashing an event's payload.
    [ThreadStatic]
    private static IncrementalHash? _chainHash;

    /// <summary>What is known of addresses: looked up when a write met a fact that its decision did not know.</summary>
    public AddressBook Addresses => addresses;

    /// <summary>A row as it is stored.</summary>
    internal DebtorRecord Read(DebtorRow row) => DebtorGrainStorage.Read(row, keys);

    /// <summary>A name that no other write or claim has.</summary>
    public Guid NewId() => ids.Next();

    /// <summary>Answers nothing when the decision wrote nothing.</summary>
    public async ValueTask<PreparedWrite?> PrepareAsync<TReply>(
        DebtorRecord? before, Decision<TReply> decision, Instant now, WriteTerms terms)
    {
        if (decision.State is not { } state) return null;
        var recordedAt = now.ToUnixTimeMilliseconds();
        var key = new RowKey(state.Key.Tenant, state.Key.Debtor);
        var seal = before?.Seal ?? DebtorSeal.Create(keys, key);
        StoredEvents? stored = null;
        if (decision.Events.Length > 0)
        {
            var payload = Wire.WriteEvents(state.EventCount + 1, decision.Events, now, seal);
            var chain = Extend(state.ChainHead, payload);
            stored = new StoredEvents(payload, chain, recordedAt);
            state = state with { ChainHead = ImmutableCollectionsMarshal.AsImmutableArray(chain), EventCount = state.EventCount + decision.Events.Length };
        }

        var encoded = StateCodec.Encode(state, seal);
        var (added, removed) = Links(before?.State, state, decision.Events);
        var dueAt = state.Wake.At?.ToUnixTimeMilliseconds();
        var write = new DebtorWrite
        {
            Key = key,
            ExpectedVersion = before?.Version ?? 0,
            WriteId = ids.Next(),
            Lane = dueAt is null ? null : await lanes.GetOrAddLaneAsync(LaneNames.Of(state.Key.Tenant, state.Wake)),
            DueAt = dueAt,
            State = encoded,
            StateLimit = terms.Grows ? GrowthLimit(before, encoded.Length) : StorageLimits.StateBytes,
            Event = stored,
            PrevEventSeq = before?.LastEventSeq ?? 0,
            AddedLinks = added,
            // What comes from another debtor in a merge or split is that one's own still, until it has become an alias or let go.
            SoleLinks = decision.Events.Any(static e => e is FactEvent.DebtorAbsorbed or FactEvent.DebtorSplit) ? [] : SoleLinks(state, added),
            RemovedLinks = terms.Unlinked.IsDefaultOrEmpty ? removed : removed.AddRange(terms.Unlinked),
            AddressFactsSeen = terms.AddressFactsSeen,
            TallyBefore = before is null ? null : Tally.Of(before.State),
            Tally = Tally.Of(state),
            RequiredEpochs = terms.Required,
            Deadline = terms.Deadline == DateTimeOffset.MaxValue ? null : terms.Deadline,
        };
        return new PreparedWrite(write, state, seal);
    }

    /// <summary>A debtor that is past the limit of growth already may still become smaller by an entry.</summary>
    private static int GrowthLimit(DebtorRecord? before, int length) => length <= StorageLimits.GrowthBytes || before is null
        ? StorageLimits.GrowthBytes
        : Math.Max(StorageLimits.GrowthBytes, StateCodec.Encode(before.State, before.Seal).Length);

    /// <summary>SHA-256 over the former head and the payload.</summary>
    private static byte[] Extend(ImmutableArray<byte> head, ReadOnlySpan<byte> payload)
    {
        var hash = _chainHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head.AsSpan());
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    /// <summary>Accounts and debts that the debtor does not count together with others must not be another's.</summary>
    private static ImmutableArray<DebtorLink> SoleLinks(DebtorState state, ImmutableArray<DebtorLink> links)
    {
        var count = 0;
        foreach (var link in links) count += IsSole(state, link) ? 1 : 0;
        if (count == 0) return [];
        var sole = ImmutableArray.CreateBuilder<DebtorLink>(count);
        foreach (var link in links)
        {
            if (IsSole(state, link)) sole.Add(link);
        }

        return sole.MoveToImmutable();
    }

    private static bool IsSole(DebtorState state, DebtorLink link) =>
        link.Kind is LinkKind.Account or LinkKind.CountingDebt && (state.SharedScopes.IsEmpty || !state.SharedScopes.Contains(SharedScope.Debt(link.Key)));

    private static IEnumerable<DebtorLink> LinksLost(DebtorState before, DebtorState after) =>
        before.Accounts.Where(account => after.Accounts.All(kept => kept.Id != account.Id)).SelectMany(LinksOf).Except(after.Accounts.SelectMany(LinksOf));

    private static IEnumerable<DebtorLink> LinksOf(Account account)
    {
        yield return new DebtorLink(LinkKind.Account, account.Id.Value);
        if (account.DebtKey.Length > 0 && account.DebtKey != account.Id.Value) yield return new DebtorLink(LinkKind.CountingDebt, account.DebtKey);
    }

    private static IEnumerable<DebtorLink> DebtsOf(DebtorState state) => state.Accounts.SelectMany(LinksOf)
        .Concat(state.FormerDebts.Where(static former => former.Key != former.Account.Value).Select(static former => new DebtorLink(LinkKind.CountingDebt, former.Key)))
        .Where(static link => link.Kind == LinkKind.CountingDebt);

    private (ImmutableArray<DebtorLink> Added, ImmutableArray<DebtorLink> Removed) Links(DebtorState? before, DebtorState after, ImmutableArray<FactEvent> events)
    {
        var removed = ImmutableArray.CreateBuilder<DebtorLink>(0);
        // A debtor that comes in has one for each account and address, as a rule.
        var links = ImmutableArray.CreateBuilder<DebtorLink>(before is null ? after.Accounts.Length + after.Points.Length : 0);
        // An alias is found by no account of its own; providers' contacts still lead to its log.
        if (after.Merge is { IsDone: true } && before is { Merge.IsDone: false }) removed.AddRange(before.Accounts.SelectMany(LinksOf));
        else if (before is null || before.Accounts != after.Accounts)
        {
            foreach (var account in after.Accounts)
            {
                var known = before?.Accounts.FirstOrDefault(a => a.Id == account.Id);
                if (known is null) links.Add(new DebtorLink(LinkKind.Account, account.Id.Value));
                if (account.DebtKey.Length > 0 && account.DebtKey != account.Id.Value && known?.DebtKey != account.DebtKey) links.Add(new DebtorLink(LinkKind.CountingDebt, account.DebtKey));
            }
        }

        // A debt that no account is of, and no contact was about: who comes to owe it counts with others, not with this debtor.
        if (before is not null && (before.Accounts != after.Accounts || before.FormerDebts != after.FormerDebts)) removed.AddRange(DebtsOf(before).Except(DebtsOf(after)));

        // What went to another in a split is found there.
        if (before is not null && events.Any(static e => e is FactEvent.DebtorSplit { Step: SplitStep.LetGo })) removed.AddRange(LinksLost(before, after));
        foreach (var one in events)
        {
            if (one is FactEvent.ContactPlaced { ProviderContactId.Length: > 0 } placed)
            {
                links.Add(new DebtorLink(LinkKind.ProviderContact, placed.ProviderContactId));
            }
        }

        addresses.Compare(before, after, links, removed);
        StandingLinks.Compare(before, after, links, removed);
        return (links.DrainToImmutable(), removed.DrainToImmutable());
    }
}
