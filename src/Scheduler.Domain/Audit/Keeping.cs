using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// Picks what is kept of records that are dropped. Of recent ones all that an audit of later records looks at, without the rules that decisions stood on; of older ones
/// what stands still (the consent ledger whole, profile, points, accounts, holds, promises, parties) and leases that are open.
/// </summary>
public static class Keeping
{
    /// <param name="former">What the checkpoint before kept.</param>
    /// <param name="records">Records since then, whole and opened, oldest first.</param>
    /// <param name="recentSince">Contacts recorded from here on may still count for what comes after the checkpoint.</param>
    /// <param name="isForEver">Purposes whose contacts some rule counts however old they are.</param>
    public static KeptContents Of(KeptContents former, IReadOnlyCollection<KeptRecord> records, Instant recentSince, Func<ContactPurpose, bool> isForEver)
    {
        var all = former.Records.Concat(records).SelectMany(Places).ToList();
        var lasting = all.Where(place => PurposeOf(place.Event) is { } purpose && isForEver(purpose)).Select(static place => ContactOf(place.Event)).ToHashSet(StringComparer.Ordinal);
        var standing = Standing(all.Where(place => place.Record.RecordedAt < recentSince));
        var kept = all.Where(place => place.Record.RecordedAt >= recentSince || lasting.Contains(ContactOf(place.Event)) ? IsLookedAt(place.Event) : standing.Contains(place)).ToList();
        var events = all.Select(static place => place.Event).ToList();
        return new KeptContents
        {
            Records = Joined(kept),
            Addresses = [.. former.Addresses.Concat(events.OfType<DebtorEvent.PointsReplaced>().SelectMany(static e => e.Points).Select(static p => p.Address)).Where(static a => a.Length > 0).Distinct(StringComparer.Ordinal)],
            ProviderContacts = [.. former.ProviderContacts.Concat(events.OfType<DebtorEvent.ContactPlaced>().Select(static e => e.ProviderContactId)).Where(static id => id.Length > 0).Distinct(StringComparer.Ordinal)],
            LastActAt = events.Where(IsAct).Select(static e => (Instant?)e.At).Append(former.LastActAt).Max(),
            LastFence = events.OfType<DebtorEvent.Leased>().Select(static e => e.Lease.Fence).Append(former.LastFence).Max(),
        };
    }

    /// <summary>Acts that retention of a debtor's data runs from.</summary>
    public static bool IsAct(DebtorEvent change) => change is DebtorEvent.AccountClosed or DebtorEvent.LeaseLapsed or DebtorEvent.InboundReceived or DebtorEvent.ContactSeeded or DebtorEvent.ContactPlaced;

    private static IEnumerable<Place> Places(KeptRecord record) => record.Events.Select((one, index) => new Place(record, index, one));

    /// <summary>The last of each kind of thing, in the order of the log, less what has ended.</summary>
    private static HashSet<Place> Standing(IEnumerable<Place> old)
    {
        var slots = new Dictionary<(string Kind, string Name, string Part), Place>();
        var ledger = new HashSet<Place>();
        foreach (var place in old)
        {
            if (SlotOf(place.Event) is { } slot) slots[slot] = place;
            else if (IsForever(place.Event)) ledger.Add(place);
            if (place.Event is DebtorEvent.HoldEnded ended) slots.Remove(("hold", ended.HoldId, ""));
            if (EndedBy(place.Event) is { } dispatch) Leases(dispatch).ForEach(lease => slots.Remove(lease));
        }

        ledger.UnionWith(slots.Values);
        return ledger;
    }

    private static (string Kind, string Name, string Part)? SlotOf(DebtorEvent change) => change switch
    {
        // Who was a spouse once stays of the household.
        DebtorEvent.ProfileReplaced e => ("profile", string.Join('\n', e.Profile.SpouseIds.Order(StringComparer.Ordinal)), ""),
        DebtorEvent.PointsReplaced => ("points", "", ""),
        DebtorEvent.PointChanged e => ("point", e.Point.Value, ""),
        // What shared a debt once shares it still.
        DebtorEvent.AccountEntered e => ("account", e.Account.Id.Value, e.Account.DebtKey),
        DebtorEvent.AccountClosed e => ("closing", e.Account.Value, ""),
        DebtorEvent.AccountReopened e => ("closing", e.Account.Value, ""),
        DebtorEvent.HoldPlaced e => ("hold", e.Hold.Id, ""),
        DebtorEvent.PromiseChanged e => ("promise", e.Promise.Id, ""),
        DebtorEvent.ScopeJoined e => ("scope", e.Scope.ToString(), ""),
        DebtorEvent.MergeEnded => ("merge", "", ""),
        DebtorEvent.Leased e => ("lease", e.Lease.Dispatch.Value, "granted"),
        DebtorEvent.LeaseConfirmed e => ("lease", e.Dispatch.Value, "confirmed"),
        DebtorEvent.LeaseExtended e => ("lease", e.Dispatch.Value, "extended"),
        _ => null,
    };

    private static bool IsForever(DebtorEvent change) => change is DebtorEvent.ConsentRecorded or DebtorEvent.DebtorAbsorbed or DebtorEvent.DebtorSplit
        or DebtorEvent.AccountTransferred or DebtorEvent.DebtorErased;

    private static string? EndedBy(DebtorEvent change) => change switch
    {
        DebtorEvent.LeaseReleased e => e.Dispatch.Value,
        DebtorEvent.LeaseDenied e => e.Dispatch.Value,
        DebtorEvent.LeaseLapsed e => e.Dispatch.Value,
        DebtorEvent.ContactNotPlaced e => e.Dispatch.Value,
        DebtorEvent.ContactPlaced { Stale: false } e => e.Contact.Id,
        _ => null,
    };

    /// <summary>The contact that it is about; empty: none.</summary>
    private static string ContactOf(DebtorEvent change) => change switch
    {
        DebtorEvent.Leased e => e.Lease.Dispatch.Value,
        DebtorEvent.LeaseConfirmed e => e.Dispatch.Value,
        DebtorEvent.LeaseExtended e => e.Dispatch.Value,
        DebtorEvent.ContactPlaced e => e.Contact.Id,
        DebtorEvent.ReceiptRecorded e => e.ContactId,
        DebtorEvent.InboundReceived e => e.Contact.Id,
        DebtorEvent.ContactSeeded e => e.Contact.Id,
        _ => EndedBy(change) ?? "",
    };

    private static ContactPurpose? PurposeOf(DebtorEvent change) => change switch
    {
        DebtorEvent.Leased e => e.Lease.Purpose,
        DebtorEvent.ContactPlaced e => e.Contact.Purpose,
        DebtorEvent.InboundReceived e => e.Contact.Purpose,
        DebtorEvent.ContactSeeded e => e.Contact.Purpose,
        _ => null,
    };

    private static List<(string, string, string)> Leases(string dispatch) => [("lease", dispatch, "granted"), ("lease", dispatch, "confirmed"), ("lease", dispatch, "extended")];

    /// <summary>By an audit of what comes later.</summary>
    private static bool IsLookedAt(DebtorEvent change) => SlotOf(change) is not null || IsForever(change) || EndedBy(change) is not null
        || change is DebtorEvent.HoldEnded or DebtorEvent.ContactPlaced or DebtorEvent.ReceiptRecorded or DebtorEvent.InboundReceived or DebtorEvent.ContactSeeded;

    private static ImmutableArray<KeptRecord> Joined(List<Place> kept)
    {
        var records = ImmutableArray.CreateBuilder<KeptRecord>();
        foreach (var run in Runs(kept))
        {
            records.Add(new KeptRecord(run[0].Record.RecordedAt, run[0].Record.FirstSequence + run[0].Index, [.. run.Select(static place => Thin(place.Event))]));
        }

        return records.ToImmutable();
    }

    private static IEnumerable<List<Place>> Runs(List<Place> kept)
    {
        List<Place> run = [];
        foreach (var place in kept)
        {
            if (run is [.., var last] && !(last.Record == place.Record && last.Index + 1 == place.Index))
            {
                yield return run;
                run = [];
            }

            run.Add(place);
        }

        if (run.Count > 0) yield return run;
    }

    private static DebtorEvent Thin(DebtorEvent change) => change switch
    {
        DebtorEvent.Leased e => e with { Proof = e.Proof with { Rules = [] } },
        DebtorEvent.LeaseConfirmed e => e with { Proof = e.Proof with { Rules = [] } },
        DebtorEvent.LeaseDenied e => e with { Proof = null },
        _ => change,
    };

    /// <summary>One event of one record; told apart by where it stands.</summary>
    private sealed class Place(KeptRecord record, int index, DebtorEvent change)
    {
        public KeptRecord Record => record;

        public int Index => index;

        public DebtorEvent Event => change;
    }
}
