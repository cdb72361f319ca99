using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Accounts that leave, and contacts that another system made.</content>
public static partial class DebtorDecider
{
    /// <summary>Closes an account. Closed already, by this request or another: duplicate.</summary>
    public static Decision<CloseReply> CloseAccount(DebtorState state, CloseCommand c, DecisionContext ctx, Instant now)
    {
        var key = Digests.KeyOf("close", c.RequestId);
        var body = Digests.Of(c);
        var seen = c.RequestId.Length == 0 ? ApplyState.Recorded : Requests.Seen(state, key, body);
        if (seen != ApplyState.Recorded) return Unwritten(new CloseReply(seen, [], [], seen == ApplyState.Rejected ? Requests.Reused : null));
        if (Requests.TooFarAhead(c.ClosedAt, now, "close_time") is { } refusal) return Unwritten(new CloseReply(ApplyState.Rejected, [], [], refusal));
        var index = Changes.IndexOf(state.Accounts, c.Account);
        if (index < 0) return Unwritten(new CloseReply(ApplyState.Rejected, [], [], UnknownAccount));
        if (!state.Accounts[index].IsOpen) return Unwritten(new CloseReply(ApplyState.Duplicate, [], [], null));

        var d = new Draft(state, ctx, now);
        d.Close(c.Account, c.Reason, c.ClosedAt);
        if (c.RequestId.Length > 0) d.Remember(key, body);
        Planner.Plan(d);
        return d.Answer(new CloseReply(ApplyState.Recorded, d.RevokedList, d.UnstoppableList, null));
    }

    /// <summary>Seeds a contact of another system, so that caps are right from the first day.</summary>
    public static Decision<HistoryReply> SeedContact(DebtorState state, SeedCommand c, DecisionContext ctx, Instant now)
    {
        var decision = SeedContacts(state, [c], ctx, now);
        return new Decision<HistoryReply>(decision.State, decision.Events, decision.Effects, decision.Reply[0]);
    }

    /// <summary>The same for many in one decision, each as after those before it; what is refused or known leaves the others as they are.</summary>
    public static Decision<ImmutableArray<HistoryReply>> SeedContacts(DebtorState state, ImmutableArray<SeedCommand> contacts, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        ImmutableArray<HistoryReply> replies = [.. contacts.Select(c => Seed(d, c))];
        if (!d.IsChanged) return Unwritten(replies);
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(replies);
    }

    private static HistoryReply Seed(Draft d, SeedCommand c)
    {
        if (Requests.TooFarAhead(c.Contact.PlacedAt, d.Now, "place_time") is { } refusal) return new HistoryReply(ApplyState.Rejected, false, refusal);
        if (d.State.FindContact(c.Contact.Id) is not null) return new HistoryReply(ApplyState.Duplicate, true, null);
        var key = Digests.KeyOf("seed", c.Contact.Id);
        var body = Digests.Of(c.Contact);
        var seen = Requests.Seen(d.State, key, body);
        if (seen != ApplyState.Recorded) return new HistoryReply(seen, false, seen == ApplyState.Rejected ? Requests.Reused : null);

        var isCounted = RecordElsewhere(d, AliasNames.Translate(d.State, c.Contact, c.Alias));
        if (!isCounted) d.Remember(key, body);
        return new HistoryReply(ApplyState.Recorded, isCounted, null);
    }

    private static readonly Refusal UnknownAccount = new(RefusalReasons.UnknownAccount, "account_id", "The debtor has no such account.");

    /// <summary>False for a contact older than any rule looks: on the timeline only.</summary>
    private static bool RecordElsewhere(Draft d, ExternalContact made)
    {
        // Where everything that rules ask for is known, nothing is left to the worst case.
        var isKnown = made.Facts is { Delivered: not null, TwoWay: not null } || made.IsInbound;
        var contact = d.WithDates(new ContactRecord
        {
            Id = made.Id,
            Channel = made.Channel,
            Point = made.Point,
            Place = ContactList.PlaceOf(d.State, made.Point),
            Accounts = made.Accounts.IsEmpty ? AccountsOf(d.State, made.CreditorId) : made.Accounts,
            Discussed = made.Discussed,
            CreditorId = made.CreditorId,
            Purpose = made.Purpose,
            IsInbound = made.IsInbound,
            PlacedAt = made.PlacedAt,
            FirstDate = default,
            LastDate = default,
            Facts = made.Facts with { Placed = true },
            Standing = isKnown ? ContactStanding.Settled : ContactStanding.Unresolved,
        });
        var isCounted = d.Context.Policy.MayCount(d.State, contact, d.Now);
        d.Record(new DebtorEvent.ContactSeeded(made.PlacedAt, contact, made.Source, isCounted));
        if (isCounted) d.Put(contact);
        return isCounted;
    }

    private static ImmutableArray<AccountId> AccountsOf(DebtorState state, string creditorId) =>
        [.. state.Accounts.Where(a => a.IsOpen && (creditorId.Length == 0 || a.CreditorId == creditorId)).Select(static a => a.Id)];
}
