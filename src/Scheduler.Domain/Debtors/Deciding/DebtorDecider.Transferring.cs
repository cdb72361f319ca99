using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>Accounts that change hands.</content>
public static partial class DebtorDecider
{
    private const string TransferCause = "transfer";

    /// <summary>
    /// What was counted of the debt stays with it. What was refused to the former creditor is refused to the new one; what was agreed ends, unless
    /// it is said to be kept: the debtor has agreed nothing with the new creditor from then on until asked again.
    /// </summary>
    public static Decision<CloseReply> TransferAccount(DebtorState state, TransferCommand c, DecisionContext ctx, Instant now)
    {
        var key = Digests.KeyOf("transfer", c.RequestId);
        var body = Digests.Of(c);
        var seen = Requests.Seen(state, key, body);
        if (seen != ApplyState.Recorded) return Unwritten(new CloseReply(seen, [], [], seen == ApplyState.Rejected ? Requests.Reused : null));
        if (Requests.TooFarAhead(c.TransferredAt, now, "transfer_time") is { } refusal) return Unwritten(new CloseReply(ApplyState.Rejected, [], [], refusal));
        var index = Changes.IndexOf(state.Accounts, c.Account);
        if (index < 0) return Unwritten(new CloseReply(ApplyState.Rejected, [], [], UnknownAccount));
        var former = state.Accounts[index];
        var account = former with
        {
            CreditorId = c.CreditorId.Length > 0 ? c.CreditorId : former.CreditorId,
            Collector = c.Collector == CollectorKind.Unknown ? former.Collector : c.Collector,
            Stage = c.Stage == AccountStage.Unknown ? former.Stage : c.Stage,
        };

        var d = new Draft(state, ctx, now);
        d.State = state with { Accounts = state.Accounts.SetItem(index, account) };
        d.Record(new DebtorEvent.AccountTransferred(c.TransferredAt, c.Account, former.CreditorId, account.CreditorId, account.Collector, account.Stage, c.KeepsConsents));
        d.Record(new DebtorEvent.AccountEntered(now, account with { Variables = [] }));
        if (former.CreditorId != account.CreditorId)
        {
            PassOn(d, former.CreditorId, account, c);
            if (d.State.Lease is { } lease && lease.Accounts.Contains(c.Account)) d.Revoke(RevokeReasons.Transferred);
        }

        d.Remember(key, body);
        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new CloseReply(ApplyState.Recorded, d.RevokedList, d.UnstoppableList, null));
    }

    private static void PassOn(Draft d, string former, Account account, TransferCommand c)
    {
        var heir = account.CreditorId;
        foreach (var fact in d.State.Consents)
        {
            if (former.Length == 0 || fact.CreditorId != former) continue;
            var passed = fact with { Id = PassedId(fact.Id, heir), CreditorId = heir };
            if (Knows(d.State, passed)) continue;
            if (Changes.IsRefusal(fact)) d.RecordConsent(passed, TransferCause);
            else if (c.KeepsConsents && d.State.Consents.Length < DebtorLimits.Consents) d.RecordConsent(passed, TransferCause);
        }

        foreach (var hold in d.State.Holds)
        {
            if (former.Length == 0 || hold.CreditorId != former) continue;
            d.PlaceRefusal(hold with { Id = PassedId(hold.Id, heir), CreditorId = heir, Accounts = [account.Id] }, TransferCause);
        }

        if (c.KeepsConsents) return;
        var end = new ConsentFact
        {
            Id = $"transfer:{c.RequestId}",
            Kind = ConsentKind.Withdrawn,
            CreditorId = heir,
            GivenAt = Instant.Min(c.TransferredAt, d.Now),
            Method = TransferCause,
        };
        d.RecordConsent(end, TransferCause);
    }

    private static string PassedId(string id, string heir) => Joining.Renamed(id, heir);
}
