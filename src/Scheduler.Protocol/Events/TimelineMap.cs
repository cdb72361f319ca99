using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events as entries of a timeline, each with one sentence. No personal data: ids, channels, kinds and dates only.</summary>
public static class TimelineMap
{
    public static V1.TimelineEntry Write(DebtorEvent source, long sequence, Instant recordedAt)
    {
        var entry = new V1.TimelineEntry
        {
            Sequence = sequence,
            OccurTime = ScalarMap.ToProto(source.At),
            RecordTime = ScalarMap.ToProto(recordedAt),
            EventType = source.Type,
            Summary = Sentence.Of(source),
        };
        Place(source, entry);
        return entry;
    }

    /// <summary>The dispatch, account and channel that an event belongs to, and the verdict of a decision.</summary>
    private static void Place(DebtorEvent source, V1.TimelineEntry entry)
    {
        switch (source)
        {
            case DebtorEvent.Leased e:
                Set(entry, e.Lease.Dispatch.Value, e.Lease.PlannedFor, e.Lease.Channel);
                entry.Verdict = VerdictMap.Write(
                    Verdict.PermitUntil(e.Lease.NotAfter, e.Lease.DeliverBefore, e.Lease.IsCounted), e.Proof.PackVersions, e.Proof.ZoneDataVersion);
                break;
            case DebtorEvent.LeaseConfirmed e:
                Set(entry, e.Dispatch.Value, default, default);
                entry.Verdict = VerdictMap.Write(Verdict.PermitUntil(e.NotAfter, e.DeliverBefore), e.Proof.PackVersions, e.Proof.ZoneDataVersion);
                break;
            case DebtorEvent.LeaseDenied e:
                Set(entry, e.Dispatch.Value, default, default);
                entry.Verdict = Refused(e.RuleId, e.Until, e.Proof);
                break;
            case DebtorEvent.ContactRefused e:
                Set(entry, "", e.Account, e.Channel);
                entry.Verdict = Refused(e.RuleId, e.Until, e.Proof);
                break;
            case DebtorEvent.LeaseExtended e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.LeaseReleased e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.LeaseLapsed e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.LeaseRevoked e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.ContactNotPlaced e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.FactContradicted e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.ReceiptRecorded e: entry.DispatchId = e.ContactId; break;
            case DebtorEvent.ContactResolved e: entry.DispatchId = e.Dispatch.Value; break;
            case DebtorEvent.ContactSettled e: entry.DispatchId = e.ContactId; break;
            case DebtorEvent.ContactPlaced e: Set(entry, e.Contact.Id, First(e.Contact), e.Contact.Channel); break;
            case DebtorEvent.InboundReceived e: Set(entry, "", First(e.Contact), e.Contact.Channel); break;
            case DebtorEvent.ContactSeeded e: Set(entry, "", First(e.Contact), e.Contact.Channel); break;
            case DebtorEvent.Noted e: entry.Channel = e.Channel.ToProto(); break;
            case DebtorEvent.AccountEntered e: entry.AccountId = Names.Of(e.Account.Id); break;
            case DebtorEvent.AccountClosed e: entry.AccountId = Names.Of(e.Account); break;
            case DebtorEvent.AccountReopened e: entry.AccountId = Names.Of(e.Account); break;
            case DebtorEvent.PaymentRecorded e: entry.AccountId = Names.Of(e.Account); break;
            case DebtorEvent.StepPassed e: entry.AccountId = Names.Of(e.Account); break;
            default: break;
        }
    }

    private static void Set(V1.TimelineEntry entry, string dispatch, AccountId account, ContactChannel channel)
    {
        entry.DispatchId = dispatch;
        entry.AccountId = Names.Of(account);
        entry.Channel = channel.ToProto();
    }

    private static AccountId First(ContactRecord contact) => contact.Accounts.IsDefaultOrEmpty ? default : contact.Accounts[0];

    /// <summary>Refusals of former releases have no proof.</summary>
    private static V1.Verdict Refused(string ruleId, Instant? until, RefusalProof? proof) =>
        VerdictMap.Write(until is { } next ? Verdict.DeferUntil(next, ruleId) : Verdict.Forbid(ruleId), proof?.PackVersions ?? [], proof?.ZoneDataVersion ?? "");
}
