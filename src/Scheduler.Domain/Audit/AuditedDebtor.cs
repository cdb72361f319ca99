using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// What the log says about one debtor up to the present record. Knows nothing of how the service keeps its state.
/// Threading: owned by one checker.
/// </summary>
internal sealed class AuditedDebtor
{
    private readonly HashSet<(string Contact, ReceiptKind Kind, int Part, Instant At)> _receipts = [];
    private readonly HashSet<string> _facts = [];

    public byte[] ChainHead { get; set; } = [];

    public DebtorProfile Profile { get; private set; } = DebtorProfile.Empty;

    public Dictionary<PointId, ContactPoint> Points { get; } = [];

    public Dictionary<AccountId, Account> Accounts { get; } = [];

    public List<ConsentFact> Consents { get; } = [];

    public Dictionary<string, Hold> Holds { get; } = [];

    public Dictionary<string, Promise> Promises { get; } = [];

    public Dictionary<string, AuditedContact> Contacts { get; } = [];

    public Lease? Live { get; set; }

    /// <summary>Lease of each dispatch that may still be confirmed.</summary>
    public Dictionary<string, Lease> Leases { get; } = [];

    public long LastFence { get; set; }

    /// <summary>Takes what happened; answers what is wrong with it having happened, or null.</summary>
    public string? Apply(DebtorEvent change)
    {
        switch (change)
        {
            case DebtorEvent.ProfileReplaced e: Profile = e.Profile; return null;
            case DebtorEvent.PointsReplaced e:
                Points.Clear();
                foreach (var point in e.Points) Points[point.Id] = point;
                return null;
            case DebtorEvent.PointChanged e:
                if (Points.TryGetValue(e.Point, out var known)) Points[e.Point] = known with { Status = e.Status };
                return null;
            case DebtorEvent.AccountEntered e: Accounts[e.Account.Id] = e.Account; return null;
            case DebtorEvent.AccountClosed e: return Close(e.Account, e.Reason);
            case DebtorEvent.AccountReopened e: return Close(e.Account, null);
            case DebtorEvent.ConsentRecorded e: Consents.Add(e.Consent); return null;
            case DebtorEvent.HoldPlaced e: Holds[e.Hold.Id] = e.Hold; return null;
            case DebtorEvent.HoldEnded e: Holds.Remove(e.HoldId); return null;
            case DebtorEvent.PromiseChanged e: Promises[e.Promise.Id] = e.Promise; return null;
            case DebtorEvent.InboundReceived e: return Once($"signal {e.SignalId}") ?? Record(e.Contact);
            case DebtorEvent.ContactSeeded e: return Once($"contact {e.Contact.Id}") ?? (e.Counted ? Record(e.Contact) : null);
            default: return ApplyAttempt(change);
        }
    }

    private string? ApplyAttempt(DebtorEvent change)
    {
        switch (change)
        {
            case DebtorEvent.LeaseReleased e: return End(e.Dispatch, refund: true);
            case DebtorEvent.LeaseDenied e: return End(e.Dispatch, refund: true);
            case DebtorEvent.LeaseLapsed e: return End(e.Dispatch, refund: !e.Counted);
            // A stale report ends no lease, and may come again with more facts.
            case DebtorEvent.ContactNotPlaced e: return (e.Stale ? null : Once($"outcome {e.Dispatch}")) ?? End(e.Dispatch, refund: true);
            case DebtorEvent.ContactPlaced e:
                if (!e.Stale) End(new DispatchId(e.Contact.Id), refund: false);
                return (e.Stale ? null : Once($"outcome {e.Contact.Id}")) ?? Record(e.Contact);
            case DebtorEvent.ReceiptRecorded e: return Receive(e);
            case DebtorEvent.ContactSettled e:
                if (Contacts.TryGetValue(e.ContactId, out var contact)) Contacts[e.ContactId] = contact with { IsSettled = true };
                return null;
            default: return null;
        }
    }

    private string? Once(string fact) => _facts.Add(fact) ? null : $"{fact} is recorded a second time";

    private string? Record(ContactRecord contact)
    {
        Contacts[contact.Id] = AuditedContact.Of(contact);
        return null;
    }

    private string? Close(AccountId id, CloseReason? reason)
    {
        if (Accounts.TryGetValue(id, out var account)) Accounts[id] = account with { Closed = reason };
        return null;
    }

    private string? End(DispatchId dispatch, bool refund)
    {
        if (Live?.Dispatch == dispatch) Live = null;
        Leases.Remove(dispatch.Value);
        // A contact that was placed is not taken back by a later "not placed": the stricter stands.
        if (refund && Contacts.TryGetValue(dispatch.Value, out var contact) && !contact.IsPlaced) Contacts.Remove(dispatch.Value);
        return null;
    }

    private string? Receive(DebtorEvent.ReceiptRecorded receipt)
    {
        if (!_receipts.Add((receipt.ContactId, receipt.Kind, receipt.Part, receipt.At))) return $"receipt {receipt.Kind} of {receipt.ContactId} is recorded a second time";
        if (!Contacts.TryGetValue(receipt.ContactId, out var contact)) return null;
        switch (receipt.Kind)
        {
            case ReceiptKind.Delivered or ReceiptKind.Read or ReceiptKind.Clicked or ReceiptKind.Complaint:
                Contacts[receipt.ContactId] = contact with
                {
                    Facts = contact.Facts with { Delivered = true },
                    FirstDate = LocalDate.Min(contact.FirstDate, receipt.FirstDate),
                    LastDate = LocalDate.Max(contact.LastDate, receipt.LastDate),
                };
                break;
            case ReceiptKind.Failed or ReceiptKind.Expired or ReceiptKind.BouncedHard or ReceiptKind.BouncedSoft when contact.Facts.Delivered is null:
                Contacts[receipt.ContactId] = contact with { Facts = contact.Facts with { Delivered = false } };
                break;
        }

        return null;
    }
}
