using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>
/// What the log says about one debtor up to the present record. Knows nothing of how the service keeps its state.
/// Threading: owned by one checker.
/// </summary>
internal sealed class AuditedDebtor(DebtorKey key)
{
    private readonly HashSet<(string Contact, ReceiptKind Kind, int Part, Instant At)> _receipts = [];
    private readonly HashSet<string> _facts = [];

    public DebtorKey Key { get; } = key;

    /// <summary>Another debtor took this one in.</summary>
    public bool IsAlias { get; private set; }

    public byte[] ChainHead { get; set; } = [];

    public DebtorProfile Profile { get; private set; } = DebtorProfile.Empty;

    public Dictionary<PointId, ContactPoint> Points { get; } = [];

    public Dictionary<AccountId, Account> Accounts { get; } = [];

    /// <summary>The account's debt: its key, or the account by itself.</summary>
    public string DebtOf(AccountId id) => Accounts.TryGetValue(id, out var account) && account.DebtKey.Length > 0 ? account.DebtKey : id.Value;

    public List<ConsentFact> Consents { get; } = [];

    public Dictionary<string, Hold> Holds { get; } = [];

    public Dictionary<string, Promise> Promises { get; } = [];

    public Dictionary<string, AuditedContact> Contacts { get; } = [];

    public Lease? Live { get; private set; }

    /// <summary>When the last lease that ended in silence expired.</summary>
    public Instant LapsedAt { get; private set; } = Instant.MinValue;

    /// <summary>Dispatches that were told to go.</summary>
    public HashSet<string> Confirmed { get; } = [];

    /// <summary>Position after the last event of the debtor's chain; 0 until one was seen.</summary>
    public long NextSequence { get; set; }

    /// <summary>Zones that the last grant was judged by, while no evidence of place has changed since.</summary>
    private IReadOnlyCollection<string> _zones = [];

    /// <summary>When the present record was written.</summary>
    private Instant _now;

    /// <summary>Lease of each dispatch that may still be confirmed.</summary>
    public Dictionary<string, Lease> Leases { get; } = [];

    public long LastFence { get; set; }

    /// <summary>Which records of the debtor were read, and what stands for those without contents.</summary>
    public AuditedDrops Drops { get; init; } = new();

    /// <summary>A dispatch was handed out, judged in these zones.</summary>
    public void Grant(Lease lease, IReadOnlyCollection<string> zones)
    {
        Live = lease;
        Leases[lease.Dispatch.Value] = lease;
        LastFence = Math.Max(LastFence, lease.Fence);
        _zones = zones;
    }

    /// <summary>Takes what happened and was written at an instant; answers what is wrong with it having happened, or null.</summary>
    public string? Apply(DebtorEvent change, Instant recordedAt)
    {
        _now = recordedAt;
        switch (change)
        {
            case DebtorEvent.ProfileReplaced e: Profile = e.Profile; _zones = []; return null;
            case DebtorEvent.PointsReplaced e:
                _zones = [];
                Points.Clear();
                foreach (var point in e.Points) Points[point.Id] = point;
                return null;
            case DebtorEvent.PointChanged e:
                _zones = [];
                if (Points.TryGetValue(e.Point, out var known)) Points[e.Point] = known with { Status = e.Status };
                return null;
            case DebtorEvent.AccountEntered e: Accounts[e.Account.Id] = e.Account; return null;
            case DebtorEvent.MergeEnded e: IsAlias = e.IsCompleted; return null;
            case DebtorEvent.AccountClosed e: return Close(e.Account, e.Reason);
            case DebtorEvent.AccountReopened e: return Close(e.Account, null);
            case DebtorEvent.ConsentRecorded e: Consents.Add(e.Consent); return null;
            case DebtorEvent.HoldPlaced e: Holds[e.Hold.Id] = e.Hold; return null;
            case DebtorEvent.HoldEnded e: Holds.Remove(e.HoldId); return null;
            case DebtorEvent.PromiseChanged e: Promises[e.Promise.Id] = e.Promise; return null;
            case DebtorEvent.InboundReceived e: return Once($"signal {e.SignalId}") ?? Record(e.Contact);
            // Known here and to a debtor that was merged in: one contact, about the accounts of both.
            case DebtorEvent.ContactSeeded e when e.Source.StartsWith(Joining.MergeCause, StringComparison.Ordinal) && Contacts.ContainsKey(e.Contact.Id): return Record(e.Contact, isPlaced: false);
            // What came with another debtor may be proven not placed yet.
            case DebtorEvent.ContactSeeded e: return Once($"contact {e.Contact.Id}") ?? (e.Counted ? Record(e.Contact, isPlaced: !IsTakenOver(e.Source)) : null);
            default: return ApplyAttempt(change);
        }
    }

    private string? ApplyAttempt(DebtorEvent change)
    {
        switch (change)
        {
            case DebtorEvent.LeaseReleased e: return End(e.Dispatch, refund: true);
            case DebtorEvent.LeaseDenied e: return End(e.Dispatch, refund: true);
            case DebtorEvent.LeaseLapsed e:
                if (Live?.Dispatch == e.Dispatch) LapsedAt = Live.ExpiresAt;
                return End(e.Dispatch, refund: !e.Counted);
            case DebtorEvent.LeaseExtended e:
                if (Live?.Dispatch == e.Dispatch) Live = Live with { ExpiresAt = e.ExpiresAt };
                return null;
            // A stale report ends no lease, and may come again with more facts.
            case DebtorEvent.ContactNotPlaced e: return (e.Stale ? null : Once($"outcome {e.Dispatch}")) ?? End(e.Dispatch, refund: true);
            case DebtorEvent.ContactPlaced e:
                if (!e.Stale) End(new DispatchId(e.Contact.Id), refund: false);
                return (e.Stale ? null : Once($"outcome {e.Contact.Id}")) ?? Record(e.Contact);
            case DebtorEvent.ReceiptRecorded e: return Receive(e);
            default: return null;
        }
    }

    private string? Once(string fact) => _facts.Add(fact) ? null : $"{fact} is recorded a second time";

    private static bool IsTakenOver(string source) =>
        source.StartsWith(Joining.MergeCause, StringComparison.Ordinal) || source.StartsWith(Parting.SplitCause, StringComparison.Ordinal);

    private string? Record(ContactRecord contact, bool isPlaced = true)
    {
        var recorded = AuditedContact.Of(contact).In(_zones) with { KnownAccounts = contact.Accounts.IsEmpty && contact.Discussed.IsEmpty ? [.. Accounts.Keys] : [], IsPlaced = isPlaced };
        Contacts[contact.Id] = recorded.Over(Contacts.GetValueOrDefault(contact.Id), _now);
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
        if (!Contacts.TryGetValue(receipt.ContactId, out var former)) return null;
        var contact = former;
        var facts = contact.Facts;
        switch (receipt.Kind)
        {
            case ReceiptKind.Delivered or ReceiptKind.Read or ReceiptKind.Opened or ReceiptKind.Clicked or ReceiptKind.Complaint or ReceiptKind.Unsubscribed:
                contact = contact with
                {
                    Facts = facts with { Delivered = true },
                    DeliveredAt = contact.DeliveredAt is { } known && known <= receipt.At ? known : receipt.At,
                    FirstDate = LocalDate.Min(contact.FirstDate, receipt.FirstDate),
                    LastDate = LocalDate.Max(contact.LastDate, receipt.LastDate),
                    ToldDate = LocalDate.Max(contact.ToldDate, receipt.LastDate),
                };
                break;
            case ReceiptKind.Failed or ReceiptKind.Expired or ReceiptKind.BouncedHard when receipt.Part == 0:
                contact = contact with { Facts = facts with { Delivered = facts.Delivered ?? false } };
                break;
        }

        Contacts[receipt.ContactId] = contact.In(_zones).Over(former, _now);
        return null;
    }
}
