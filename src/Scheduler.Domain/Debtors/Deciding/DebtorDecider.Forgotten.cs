using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Reports about dispatches whose record has left the list: what the debtor said in them binds all the same.</content>
public static partial class DebtorDecider
{
    /// <summary>Media in which a provider reports that somebody wants no more.</summary>
    private static readonly ChannelSet Written = ChannelSet.Of(
        ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Rcs, ContactChannel.Email, ContactChannel.Push, ContactChannel.Inbox, ContactChannel.Chat, ContactChannel.Social);

    /// <summary>
    /// Signals are applied. Named with its own token it was a dispatch of ours: it counts, as the worst of any channel and about every
    /// account, unless it is older than any rule looks.
    /// </summary>
    private static OutcomeReply Forgotten(Draft d, OutcomeCommand c, Outcome.Placed placed)
    {
        var state = FactState.Unknown;
        if (IsOurs(d, c.Lease.Dispatch, out var version) && version == c.Lease.Fence)
        {
            if (Requests.TooFarAhead(placed.PlacedAt, d.Now, "placed.place_time") is { } refusal) return new OutcomeReply(FactState.Invalid, [], [], refusal);
            state = Remembered(d, c.Lease.Dispatch, placed);
        }

        return new OutcomeReply(state, [], ApplyAll(d, placed.Signals), null);
    }

    private static FactState Remembered(Draft d, DispatchId dispatch, Outcome.Placed placed)
    {
        var key = Digests.KeyOf("outcome", dispatch.Value);
        if (Requests.Seen(d.State, key, 0) != ApplyState.Recorded) return FactState.Duplicate;
        var contact = Joined(d, Record(d, dispatch, placed), placed);
        d.Record(new DebtorEvent.ContactPlaced(placed.PlacedAt, contact, placed.Disposition, placed.ProviderContactId, placed.WrapUpCode, Stale: true, []));
        if (d.Context.Policy.MayCount(d.State, contact, d.Now)) d.Put(contact);
        else d.Remember(key, 0);
        return FactState.RecordedStale;
    }

    private static ContactRecord Record(Draft d, DispatchId dispatch, Outcome.Placed placed)
    {
        var (first, last) = d.LocalDates(placed.PlacedAt);
        return new ContactRecord
        {
            Id = dispatch.Value,
            Channel = ContactChannel.Unknown,
            Discussed = placed.Discussed,
            Purpose = ContactPurpose.Unknown,
            PlacedAt = placed.PlacedAt,
            FirstDate = first,
            LastDate = last,
            Facts = new ContactFacts { Placed = true },
            Standing = ContactStanding.Unresolved,
        };
    }

    /// <summary>Who complains, unsubscribes or blocks wants no more of the medium: which one it was is forgotten, so none that is written.</summary>
    private static Decision<ReceiptReply> Forgotten(Draft d, ReceiptCommand c)
    {
        if (!(SaysNo(c.Kind) || c.Kind == ReceiptKind.Blocked) || !IsOurs(d, c.Dispatch, out _)) return Unwritten(new ReceiptReply(FactState.Unknown, null));
        d.Withdraw(Written, $"receipt:{c.Dispatch}", c.OccurredAt, "receipt");
        if (!d.IsChanged) return Unwritten(new ReceiptReply(FactState.Duplicate, null));
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new ReceiptReply(FactState.RecordedStale, null));
    }

    private static bool IsOurs(Draft d, DispatchId dispatch, out long version) => dispatch.TryParse(out var debtor, out version) && IsNameOf(d.State, debtor, version);

    /// <summary>Its own id, that of a debtor merged into it, or that of the debtor it was split from, until then.</summary>
    private static bool IsNameOf(DebtorState state, string debtor, long version) => debtor == state.Key.Debtor || state.Merged.Any(merged => merged.Debtor == debtor)
        || state.Parts.Any(part => part.IsSource && part.Debtor == debtor && version <= part.Version);
}
