using System.Text;
using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Events;

/// <summary>One sentence for an event. Amounts, addresses and free text of callers are left out.</summary>
internal static class Sentence
{
    private static readonly InstantPattern Minute = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm'Z'");

    public static string Of(DebtorEvent source) => source switch
    {
        DebtorEvent.EntryApplied e => $"Entry {e.SourceVersion} of the source was applied.",
        DebtorEvent.ProfileReplaced e => $"The profile was replaced; {Count(e.Profile.Locations.Length, "hint")} of place.",
        DebtorEvent.PointsReplaced e => $"The list of contact points was replaced; it has {Count(e.Points.Length, "point")}.",
        DebtorEvent.PointChanged e => $"Contact point {e.Point} is now {Words(e.Status)}.",
        DebtorEvent.AccountEntered e => $"Account {e.Account.Id} was entered or changed.",
        DebtorEvent.AccountClosed e => $"Account {e.Account} was closed: {Words(e.Reason)}.",
        DebtorEvent.AccountReopened e => $"Account {e.Account} was opened again.",
        DebtorEvent.ScopeJoined e => e.Scope.Kind == Domain.Caps.SharedKind.Household
            ? "Contacts with the debtor and the spouse are counted together."
            : $"Contacts about {e.Scope.Id} with every debtor who owes it are counted together.",
        DebtorEvent.PaymentRecorded e => e.Amount.Units < 0 || e.Amount.Nanos < 0
            ? $"A payment on account {e.Account} was reversed."
            : $"A payment on account {e.Account} was recorded.",
        DebtorEvent.ConsentRecorded e => OfConsent(e.Consent),
        DebtorEvent.HoldPlaced e => e.Hold.End is { } end
            ? $"A {Words(e.Hold.Kind)} hold was placed until {Minute.Format(end)}."
            : $"A {Words(e.Hold.Kind)} hold was placed until it is lifted.",
        DebtorEvent.HoldEnded e => e.Lifted ? $"The {Words(e.Kind)} hold was lifted." : $"The {Words(e.Kind)} hold ended.",
        DebtorEvent.PromiseChanged e => OfPromise(e.Promise),
        DebtorEvent.Noted e => $"A signal was noted: {e.Kind}.",
        DebtorEvent.CallbackAsked e => $"A call was asked for between {Minute.Format(e.Earliest)} and {Minute.Format(e.Latest)}.",
        DebtorEvent.DebtorErased e => $"The personal data were erased, as {e.ActorId} asked.",
        DebtorEvent.DebtorExported e => $"Everything held was handed over to {e.ActorId}.",
        DebtorEvent.StepPassed e => $"Step {e.StepId} of day {e.Day} was passed over: {Words(e.Passing)}.",
        DebtorEvent.ContactRefused e => e.Until is { } until
            ? $"Contact by {Words(e.Channel)} was deferred until {Minute.Format(until)} by {e.RuleId}."
            : $"Contact by {Words(e.Channel)} was forbidden by {e.RuleId} until a new fact.",
        DebtorEvent.AccountTransferred e => $"Account {e.Account} was transferred from {e.FormerCreditor} to {e.Creditor}; what was agreed {(e.KeepsConsents ? "is kept" : "has ended")}.",
        DebtorEvent.MergeBegan e => $"The debtor was closed, to be merged into {e.Into}.",
        DebtorEvent.MergeEnded e => e.IsCompleted ? $"The debtor is an alias of {e.Into} from here on." : $"The debtor could not be merged into {e.Into}; all is as before.",
        DebtorEvent.DebtorAbsorbed e => $"Debtor {e.Debtor} was merged into this one.",
        DebtorEvent.DebtorSetAside e => $"The debtor was taken out of work after {Count(e.Faults, "fault")} in a row: {e.Reason}, {e.Fault}.",
        DebtorEvent.QuarantineResolved e => e.IsReleased ? $"{e.ActorId} put the debtor back to work." : $"{e.ActorId} left the debtor out of work.",
        DebtorEvent.DebtorSplit e => OfSplit(e),
        _ => OfLease(source) ?? OfContact(source),
    };

    private static string OfSplit(DebtorEvent.DebtorSplit e) => e.Step switch
    {
        SplitStep.Began => $"The debtor was closed, to be split: {Count(e.Accounts.Length, "account")} and {Count(e.Points.Length, "point")} go to {e.Other}.",
        SplitStep.Received => $"The debtor was made of what {e.Other} held of another person; whatever counted there counts here.",
        SplitStep.LetGo => $"{Count(e.Accounts.Length, "account")} and {Count(e.Points.Length, "point")} went to {e.Other}; whatever counted before counts still.",
        SplitStep.Opened => $"The split from {e.Other} is done.",
        _ => $"The debtor could not be split; {e.Other} was not made, and all is as before.",
    };

    private static string? OfLease(DebtorEvent source) => source switch
    {
        DebtorEvent.Leased e => $"Dispatch {e.Lease.Dispatch} by {Words(e.Lease.Channel)} was handed to {e.Lease.GatewayId}, to be placed before {Minute.Format(e.Lease.NotAfter)}.",
        DebtorEvent.LeaseConfirmed e => $"Dispatch {e.Dispatch} was confirmed for placing.",
        DebtorEvent.LeaseDenied e => $"Dispatch {e.Dispatch} was denied at its confirmation by {e.RuleId}; nothing counts.",
        DebtorEvent.LeaseExtended e => $"Dispatch {e.Dispatch} was given time until {Minute.Format(e.ExpiresAt)}.",
        DebtorEvent.LeaseReleased e => $"Dispatch {e.Dispatch} was given back: {Words(e.Reason)}; nothing counts.",
        DebtorEvent.LeaseLapsed e => e.Counted
            ? $"Dispatch {e.Dispatch} lapsed in silence; what happened is not known, and it counts."
            : $"Dispatch {e.Dispatch} lapsed unplaced; nothing counts.",
        DebtorEvent.LeaseRevoked e => e.Unstoppable
            ? $"Dispatch {e.Dispatch} was withdrawn too late to be stopped: {e.Reason}."
            : $"Dispatch {e.Dispatch} was withdrawn: {e.Reason}.",
        _ => null,
    };

    private static string OfContact(DebtorEvent source) => source switch
    {
        DebtorEvent.ContactPlaced e => $"Dispatch {e.Contact.Id} was placed by {Words(e.Contact.Channel)}: {Words(e.Disposition)}.",
        DebtorEvent.ContactNotPlaced e => $"Dispatch {e.Dispatch} was not placed: {Words(e.Reason)}; nothing counts.",
        DebtorEvent.FactContradicted e => $"A report about {e.Dispatch} contradicts what is known; the stricter stands.",
        DebtorEvent.ReceiptRecorded e => $"Receipt for {e.ContactId}: {Words(e.Kind)}.",
        DebtorEvent.ContactSettled e => $"Contact {e.ContactId} is settled; nothing more is expected.",
        DebtorEvent.ContactResolved e => $"{e.ActorId} said of contact {e.Dispatch}, of which nobody knew: {Words(e.Resolution)}.",
        DebtorEvent.InboundReceived e => $"The debtor came in by {Words(e.Contact.Channel)}: {Words(e.Intent)}.",
        DebtorEvent.ContactSeeded e => e.Counted
            ? $"A contact by {Words(e.Contact.Channel)} made elsewhere was recorded."
            : $"A contact by {Words(e.Contact.Channel)} made elsewhere was noted; it is older than any rule looks.",
        _ => source.Type,
    };

    private static string OfConsent(ConsentFact consent) => consent.Kind switch
    {
        ConsentKind.Granted => $"Consent {consent.Id} was granted.",
        ConsentKind.Withdrawn => $"Consent was withdrawn ({consent.Id}).",
        ConsentKind.HoursExtended => $"The debtor asked for other hours ({consent.Id}).",
        _ => $"The debtor forbade hours or places ({consent.Id}).",
    };

    private static string OfPromise(Promise promise) => promise.State switch
    {
        PromiseState.Kept => $"Promise {promise.Id} was kept.",
        PromiseState.Broken => $"Promise {promise.Id} was broken.",
        PromiseState.Cancelled => $"Promise {promise.Id} was cancelled.",
        _ => $"Promise {promise.Id} was made for {LocalDatePattern.Iso.Format(promise.DueOn)}.",
    };

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>"NoAnswer" as "no answer".</summary>
    private static string Words<TEnum>(TEnum value)
        where TEnum : struct, Enum
    {
        var name = value.ToString();
        var words = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
