using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>What may be handed out now: one creditor, one channel, one point.</summary>
internal sealed record Dispatchable(
    Step Step, ContactPoint Point, ImmutableArray<Account> Accounts, Verdict Verdict, Instant DueAt, AccountPlan? Plan)
{
    public Account PlannedFor => Accounts[0];
}

/// <summary>What a planning came to: something to hand out, or what stands first in the way, the rules or a pause.</summary>
internal readonly record struct Planning(Dispatchable? Pick, Outlook? Refusal, Pause? Pause = null);

/// <summary>
/// Moves every account to its current step, asks the rules, lets the arbiter pick one dispatch, and sets the debtor's phase and wake.
/// Every decision ends here, so a debtor that is not finished, held or blocked always has a wake.
/// </summary>
internal static class Planner
{
    public static Planning Plan(Draft d)
    {
        // Closed: what wakes it is the merge or split that is under way.
        if (d.State.Merge is { IsDone: false } || d.State.Split is not null) return default;
        if (d.State.Quarantine is not null) return Rest(d, DebtorPhase.Quarantined, DebtorDecider.QuarantineRule, null);
        if (ContactList.IsFull(d.State)) d.DropOldContacts();
        Plans.Sync(d);
        var isFinished = !HasOpenAccount(d.State);
        if (isFinished && d.State.Lease is null) return Rest(d, DebtorPhase.Finished, "finished", null);
        if (d.State.Lease is { } lease)
        {
            // Also of a finished debtor: what was handed out is still to end, by a report or in silence.
            SetWake(d, isFinished ? DebtorPhase.Finished : DebtorPhase.Leased, new Wake(lease.ExpiresAt + d.Context.Terms.Skew, "lease"));
            return default;
        }

        var outlooks = new List<Outlook>(d.State.Accounts.Length);
        foreach (var account in d.State.Accounts)
        {
            if (account.IsOpen) outlooks.Add(Lookahead.Of(d, account, Plans.Find(d.State, account.Id)));
        }

        var callback = Callbacks.Of(d);
        if (ContactList.IsFull(d.State)) return AwaitRoom(d);
        var paused = Pausing.Stop(d, outlooks, ref callback);
        if (Arbiter.Pick(d, outlooks, callback) is { } pick)
        {
            SetReady(d, pick.Step);
            return new Planning(pick, null);
        }

        if (paused is not null)
        {
            // Nothing is written for a pause: its end may come at any time, and finds the debtor due.
            SetReady(d, paused.Step!);
            return new Planning(null, null, paused.Pause);
        }

        return Await(d, outlooks, callback);
    }

    private static Planning Await(Draft d, List<Outlook> outlooks, Outlook? callback)
    {
        Outlook? first = callback is { At: not null } ? callback : null;
        var held = false;
        Outlook? refusal = null;
        foreach (var outlook in outlooks)
        {
            held |= outlook.Kind == OutlookKind.Held;
            if (outlook.IsRefused) refusal ??= outlook;
            if (outlook.At is { } at && (first?.At is not { } best || at < best)) first = outlook;
        }

        var wake = first is null ? Wake.None : WakeOf(first);
        if (TimePassed.NextEnd(d) is { } end && (wake.At is not { } sooner || end < sooner)) wake = new Wake(end, "end");
        if (NextSettlement(d, outlooks) is { } settles && wake.At is { } later && settles < later) wake = new Wake(settles, "settle");
        if (wake.At is not null)
        {
            SetWake(d, held && first is null ? DebtorPhase.Held : DebtorPhase.Waiting, wake);
            return new Planning(null, refusal);
        }

        var reason = outlooks.Count == 0 ? "" : outlooks[0].RuleId;
        return Rest(d, held ? DebtorPhase.Held : DebtorPhase.Blocked, reason, refusal);
    }

    /// <summary>The list of contacts is full: nothing is permitted until its oldest leaves.</summary>
    private static Planning AwaitRoom(Draft d)
    {
        SetWake(d, DebtorPhase.Waiting, new Wake(ContactList.RoomAt(d), Rules.ContactsFull));
        return default;
    }

    private static Planning Rest(Draft d, DebtorPhase phase, string reason, Outlook? refusal)
    {
        SetWake(d, phase, new Wake(null, reason));
        return new Planning(null, refusal);
    }

    /// <summary>Due already: the instant stays, so that lateness can be measured and nothing is written for an offer.</summary>
    private static void SetReady(Draft d, Step step)
    {
        var known = d.State.Wake;
        var band = Wake.BandOf(step.Priority);
        if (known.At <= d.Now && known.Channel == step.Channel && known.Band == band)
        {
            SetWake(d, DebtorPhase.Waiting, known);
            return;
        }

        SetWake(d, DebtorPhase.Waiting, new Wake(known.At <= d.Now ? known.At : d.Now, step.Id, step.Channel, band));
    }

    private static void SetWake(Draft d, DebtorPhase phase, Wake wake)
    {
        if (d.State.Phase != phase || d.State.Wake != wake) d.State = d.State with { Phase = phase, Wake = wake };
    }

    private static Wake WakeOf(Outlook outlook) => new(
        outlook.At,
        outlook.RuleId.Length > 0 ? outlook.RuleId : outlook.Plan?.StepId ?? Plans.CallbackStep,
        outlook.Step?.Channel ?? ContactChannel.Unknown,
        outlook.Step is { } step ? Wake.BandOf(step.Priority) : Wake.LowestBand);

    /// <summary>A contact that counts as the worst until its receipts are overdue may be all that stands in the way.</summary>
    private static Instant? NextSettlement(Draft d, List<Outlook> outlooks)
    {
        var isDeferred = false;
        foreach (var outlook in outlooks) isDeferred |= outlook.Verdict is { Kind: VerdictKind.Defer };
        if (!isDeferred) return null;
        Instant? next = null;
        foreach (var contact in d.State.Contacts) next = TimePassed.Earlier(next, contact.SettlesAt);
        return next;
    }

    private static bool HasOpenAccount(DebtorState state)
    {
        foreach (var account in state.Accounts)
        {
            if (account.IsOpen) return true;
        }

        return false;
    }
}
