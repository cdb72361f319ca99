using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Facts from outside.</content>
public static partial class DebtorDecider
{
    /// <summary>
    /// Records a fact once and lets it act on what is planned and leased before it is acknowledged. A repeat with the same body is a
    /// duplicate, with another body it is rejected.
    /// </summary>
    public static Decision<SignalReply> RecordSignal(DebtorState state, SignalCommand c, DecisionContext ctx, Instant now)
    {
        var d = new Draft(state, ctx, now);
        var reply = Apply(d, c);
        if (reply.State != ApplyState.Recorded) return Unwritten(reply);
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(reply with { Revoked = d.RevokedList, Unstoppable = d.UnstoppableList });
    }

    /// <summary>The signal's part of a decision; what follows from it is planned by the caller.</summary>
    private static SignalReply Apply(Draft d, SignalCommand c)
    {
        var key = Digests.KeyOf("signal", c.SignalId);
        var body = Digests.Of(c);
        var seen = Requests.Seen(d.State, key, body);
        if (seen != ApplyState.Recorded) return new SignalReply(seen, [], [], seen == ApplyState.Rejected ? Requests.Reused : null);
        c = AtAddress(d, AliasNames.Translate(d.State, c));
        var refusal = Requests.TooFarAhead(c.OccurredAt, d.Now, "occur_time") ?? (c.Fact switch
        {
            SignalFact.Payment payment => Pay(d, c, payment),
            SignalFact.PromiseSaid(var promise) => Promise(d, c, promise),
            SignalFact.ConsentSaid(var consent) => Consent(d, c, consent),
            SignalFact.HoldPlaced(var hold) => Hold(d, c, hold),
            SignalFact.HoldLifted(var holdId) => Lift(d, c, holdId),
            SignalFact.PointChanged changed => ChangePoint(d, c, changed),
            SignalFact.Inbound inbound => Receive(d, c, inbound),
            SignalFact.CallbackRequested callback => AskCallback(d, c, callback),
            SignalFact.ContactedElsewhere(var contact) => Elsewhere(d, contact),
            SignalFact.InformationRequested asked => Note(d, c, "information_requested", asked.Subject),
            _ => new Refusal(RefusalReasons.Invalid, "fact", "Not a fact that is known here."),
        });
        if (refusal is not null) return new SignalReply(ApplyState.Rejected, [], [], refusal);
        d.Remember(key, body);
        return new SignalReply(ApplyState.Recorded, [], [], null);
    }

    private static Refusal? Pay(Draft d, SignalCommand c, SignalFact.Payment payment)
    {
        var index = Changes.IndexOf(d.State.Accounts, payment.Account);
        if (index < 0) return UnknownAccount;
        var account = d.State.Accounts[index];
        d.Record(new DebtorEvent.PaymentRecorded(c.OccurredAt, payment.PaymentId, payment.Account, payment.Amount, payment.BalanceAfter));
        var isReversal = IsNegative(payment.Amount);
        var balance = payment.BalanceAfter ?? Less(account.Balance, payment.Amount);
        var isNews = account.BalanceAt is not { } known || known <= c.OccurredAt;
        if (isNews) account = account with { Balance = balance, BalanceAt = c.OccurredAt };
        d.State = d.State with { Accounts = d.State.Accounts.SetItem(index, account) };

        if (isReversal)
        {
            if (account.Closed == CloseReason.Paid && isNews && !IsZero(balance)) Reopen(d, index, c.SignalId);
        }
        else
        {
            if (isNews && IsZero(balance)) d.Close(payment.Account, CloseReason.Paid, c.OccurredAt);
            else if (d.State.Lease is { } lease && lease.Accounts.Contains(payment.Account)) d.Revoke(RevokeReasons.Paid);
        }

        CreditPromises(d, c, payment, IsZero(balance));
        return null;
    }

    private static void Reopen(Draft d, int index, string cause)
    {
        var account = d.State.Accounts[index];
        d.State = d.State with { Accounts = d.State.Accounts.SetItem(index, account with { Closed = null }) };
        d.Record(new DebtorEvent.AccountReopened(d.Now, account.Id, cause));
    }

    /// <summary>Money that came in by the promised date, grace included, counts towards the promises about its account.</summary>
    private static void CreditPromises(Draft d, SignalCommand c, SignalFact.Payment payment, bool isPaidInFull)
    {
        var paidOn = d.LocalDates(c.OccurredAt).First;
        foreach (var promise in d.State.Promises)
        {
            if (!(promise.Accounts.IsEmpty || promise.Accounts.Contains(payment.Account))) continue;
            if (paidOn > promise.DueOn.PlusDays(d.Context.Terms.PromiseGraceDays)) continue;
            var credited = promise with { Paid = Plus(promise.Paid, payment.Amount) };
            if (isPaidInFull || Covers(credited.Paid, promise.Amount))
            {
                d.State = d.State with { Promises = d.State.Promises.Remove(promise) };
                d.Record(new DebtorEvent.PromiseChanged(c.OccurredAt, credited with { State = PromiseState.Kept }));
            }
            else
            {
                d.State = d.State with { Promises = d.State.Promises.Replace(promise, credited) };
            }
        }
    }

    private static Refusal? Promise(Draft d, SignalCommand c, Promise promise)
    {
        foreach (var account in promise.Accounts)
        {
            if (Changes.IndexOf(d.State.Accounts, account) < 0) return UnknownAccount;
        }

        var known = d.State.Promises.FirstOrDefault(p => p.Id == promise.Id);
        if (promise.State is not (PromiseState.Pending or PromiseState.Unknown))
        {
            if (known is null) return new(RefusalReasons.UnknownPromise, "promise_id", "No such promise is pending.");
            d.State = d.State with { Promises = d.State.Promises.Remove(known) };
            d.Record(new DebtorEvent.PromiseChanged(c.OccurredAt, known with { State = promise.State }));
            return null;
        }

        if (known is null && d.State.Promises.Length >= DebtorLimits.Promises) return TooMany("promises", DebtorLimits.Promises);
        var pending = promise with { State = PromiseState.Pending, Paid = known?.Paid ?? default };
        d.State = d.State with { Promises = (known is null ? d.State.Promises : d.State.Promises.Remove(known)).Add(pending) };
        d.Record(new DebtorEvent.PromiseChanged(c.OccurredAt, pending));
        if (d.State.Lease is { } lease && (pending.Accounts.IsEmpty || lease.Accounts.Any(a => pending.Accounts.Contains(a)))) d.Revoke(RevokeReasons.Promised);
        return null;
    }

    private static Refusal? Consent(Draft d, SignalCommand c, ConsentFact consent)
    {
        if (Knows(d.State, consent)) return Note(d, c, "consent_known", consent.Id);
        // By then the debtor may have lost the address: agreement from it is nobody's.
        if (c.Address.Length > 0 && consent.Points.IsEmpty && !Changes.IsRefusal(consent)) return Note(d, c, "address_not_listed", consent.Id);
        // Refusals find room: a full ledger must not turn one away.
        if (!Changes.IsRefusal(consent) && d.State.Consents.Length >= DebtorLimits.Consents) return TooMany("consents", DebtorLimits.Consents);
        d.RecordConsent(consent, c.SignalId);
        return null;
    }

    private static Refusal? Hold(Draft d, SignalCommand c, Hold hold)
    {
        if (hold.End <= hold.Start) return new(RefusalReasons.Invalid, "hold_placed.end_time", "Must be after the start.");
        if (hold.Kind == HoldKind.Cease)
        {
            d.PlaceRefusal(hold, c.SignalId);
            return null;
        }

        if (d.State.Holds.Length >= DebtorLimits.Holds && !d.State.Holds.Any(h => h.Id == hold.Id)) return TooMany("holds", DebtorLimits.Holds);
        d.PlaceHold(hold, c.SignalId);
        return null;
    }

    private static Refusal? Lift(Draft d, SignalCommand c, string holdId)
    {
        if (d.State.Holds.FirstOrDefault(h => h.Id == holdId) is not { } hold) return new(RefusalReasons.UnknownHold, "hold_lifted", "No such hold is in force.");
        d.State = d.State with { Holds = d.State.Holds.Remove(hold) };
        d.Record(new DebtorEvent.HoldEnded(c.OccurredAt, hold.Id, hold.Kind, Lifted: true));
        return null;
    }

    private static Refusal? ChangePoint(Draft d, SignalCommand c, SignalFact.PointChanged changed)
    {
        var points = PointsOf(d, c, changed.Point);
        if (points.IsEmpty) return new(RefusalReasons.UnknownPoint, "point_change.point_id", "The debtor has no such point.");
        foreach (var point in points)
        {
            if (changed.Status == PointStatus.Reassigned) EndPoint(d, point, c.OccurredAt, c.SignalId);
            else d.SetPoint(point, changed.Status, c.OccurredAt, c.SignalId);
        }

        return null;
    }

    private static Refusal? AskCallback(Draft d, SignalCommand c, SignalFact.CallbackRequested asked)
    {
        if (asked.Latest <= asked.Earliest || asked.Latest <= d.Now) return new(RefusalReasons.Invalid, "callback_request.latest_time", "Must be after the earliest time, and ahead.");
        ExpectCall(d, c, asked.Earliest, asked.Latest, asked.Point, asked.GivenDirectly);
        return null;
    }

    /// <summary>Who asks for a call has consented to that call: until the latest time, on the point named, for this purpose alone. The newest request stands.</summary>
    private static void ExpectCall(Draft d, SignalCommand c, Instant earliest, Instant latest, PointId point, bool isDirect)
    {
        d.State = d.State with { Callback = new Callback(c.SignalId, earliest, latest, point) };
        d.Record(new DebtorEvent.CallbackAsked(c.OccurredAt, c.SignalId, earliest, latest, point));
        var consents = d.State.Consents.RemoveAll(static fact => fact.Id.StartsWith(CallbackConsent, StringComparison.Ordinal));
        if (consents.Length >= DebtorLimits.Consents) return;
        d.State = d.State with { Consents = consents };
        d.RecordConsent(
            new ConsentFact
            {
                Id = $"{CallbackConsent}{c.SignalId}",
                Kind = ConsentKind.Granted,
                Channels = ChannelSet.Of(ContactChannel.Call),
                Purposes = [ContactPurpose.RequestedCallback],
                Points = point == default ? [] : [point],
                GivenAt = Instant.Min(c.OccurredAt, d.Now),
                ExpiresAt = latest,
                Method = "callback_request",
                Instrument = ConsentInstrument.Message,
                GivenDirectly = isDirect,
            },
            c.SignalId);
    }

    private const string CallbackConsent = "callback:";

    private static Refusal? Elsewhere(Draft d, ExternalContact contact)
    {
        if (d.State.FindContact(contact.Id) is null) RecordElsewhere(d, contact);
        return null;
    }

    private static Refusal? Note(Draft d, SignalCommand c, string kind, string detail)
    {
        d.Record(new DebtorEvent.Noted(c.OccurredAt, c.SignalId, kind, detail, c.Channel));
        return null;
    }

    /// <summary>What is left after a payment in the same currency; unchanged in another.</summary>
    private static Amount Less(Amount balance, Amount paid) =>
        balance.Currency == paid.Currency ? Sum(balance, -paid.Units, -paid.Nanos) : balance;

    private static Amount Plus(Amount sum, Amount more) =>
        string.IsNullOrEmpty(sum.Currency) ? more : sum.Currency == more.Currency ? Sum(sum, more.Units, more.Nanos) : sum;

    private static Amount Sum(Amount a, long units, int nanos)
    {
        const int NanosPerUnit = 1_000_000_000;
        var total = ((Int128)a.Units * NanosPerUnit) + a.Nanos + ((Int128)units * NanosPerUnit) + nanos;
        return new Amount(a.Currency, (long)(total / NanosPerUnit), (int)(total % NanosPerUnit));
    }

    private static bool Covers(Amount paid, Amount promised) =>
        paid.Currency == promised.Currency && (paid.Units > promised.Units || (paid.Units == promised.Units && paid.Nanos >= promised.Nanos));
}
