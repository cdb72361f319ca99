using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class TransferTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");
    private static readonly DecisionContext Context = With(Step(1, ContactChannel.Sms));

    private static Run Entered(params ConsentFact[] more)
    {
        var run = new Run(Context, Monday);
        var entry = Colombian();
        run.Enter(entry with { Accounts = [Owed(Loan), Owed(Card, "shop")], Consents = [.. entry.Consents, .. more] });
        run.Now = InBogota("2026-03-03 09:00");
        return run;
    }

    private static Decision<CloseReply> Transfer(Run run, bool keeps = false, string id = "t1", string to = "fund") => DebtorDecider.TransferAccount(
        run.State,
        new TransferCommand { Account = Loan, CreditorId = to, Collector = CollectorKind.DebtBuyer, KeepsConsents = keeps, TransferredAt = run.Now, RequestId = id },
        Context,
        run.Now);

    private static ConsentStanding Sms(DebtorState state, string creditor) =>
        ConsentLedger.Standing(state.Consents, ContactChannel.Sms, ContactPurpose.Collection, Mobile, creditor, InBogota("2026-03-03 10:00"));

    [Fact]
    public void What_was_agreed_ends_for_the_new_creditor_and_stands_for_the_others()
    {
        var after = Transfer(Entered()).State!;
        Assert.Equal(("fund", CollectorKind.DebtBuyer, AccountStage.Overdue), (after.Accounts[0].CreditorId, after.Accounts[0].Collector, after.Accounts[0].Stage));
        Assert.False(Sms(after, "fund").IsGranted);
        Assert.True(Sms(after, "shop").IsGranted);
        Assert.True(Sms(after, "bank").IsGranted);
    }

    [Fact]
    public void Kept_consents_hold_for_the_new_creditor_and_refusals_always_do()
    {
        var toBank = Granted(ContactChannel.Push) with { Id = "push", CreditorId = "bank" };
        var noMail = Granted(ContactChannel.Email) with { Id = "no", Kind = ConsentKind.Withdrawn, CreditorId = "bank", GivenAt = Monday };
        foreach (var keeps in new[] { false, true })
        {
            var after = Transfer(Entered(toBank, noMail), keeps).State!;
            var at = InBogota("2026-03-03 10:00");
            Assert.Equal(keeps, Sms(after, "fund").IsGranted);
            Assert.Equal(keeps, ConsentLedger.Standing(after.Consents, ContactChannel.Push, ContactPurpose.Collection, Mobile, "fund", at).IsGranted);
            Assert.True(ConsentLedger.Standing(after.Consents, ContactChannel.Email, ContactPurpose.Collection, Mobile, "fund", at).IsWithdrawn);
        }
    }

    [Fact]
    public void A_lease_about_the_account_is_withdrawn_and_one_about_another_stands()
    {
        var run = new Run(Context, Monday);
        run.Enter(Colombian());
        run.Now = InBogota("2026-03-03 09:00");
        var lease = run.MustLease(ContactChannel.Sms);
        Assert.Equal([lease.Dispatch], Transfer(run).Reply.Revoked);

        var both = Entered();
        Assert.Equal([Card], both.MustLease(ContactChannel.Sms).Accounts);
        Assert.Empty(Transfer(both).Reply.Revoked);
    }

    [Fact]
    public void What_was_counted_of_the_debt_stays()
    {
        var run = Entered();
        run.Seed(new ExternalContact { Id = "x", Channel = ContactChannel.Call, Accounts = [Loan], CreditorId = "bank", PlacedAt = Monday, Facts = new ContactFacts { Delivered = true, TwoWay = false } });
        var after = Transfer(run).State!;
        Assert.Equal(["x"], after.Contacts.Select(static c => c.Id));
        Assert.Equal(run.State.Accounts[0].DebtKey, after.Accounts[0].DebtKey);
    }

    [Fact]
    public void A_hold_of_the_former_creditor_holds_for_the_new_one()
    {
        var run = Entered();
        run.Signal("h", new SignalFact.HoldPlaced(new Hold { Id = "h", Kind = HoldKind.Dispute, CreditorId = "bank", Start = Monday }));
        var holds = Transfer(run).State!.Holds;
        Assert.Equal(["bank", "fund"], holds.Select(static h => h.CreditorId));
        Assert.Equal([Loan], holds[1].Accounts);
    }

    [Fact]
    public void A_repeat_is_a_duplicate_another_body_is_rejected_and_an_unknown_account_too()
    {
        var run = Entered();
        var first = Transfer(run);
        Assert.Equal(ApplyState.Recorded, first.Reply.State);
        var command = new TransferCommand { Account = Loan, CreditorId = "fund", Collector = CollectorKind.DebtBuyer, TransferredAt = run.Now, RequestId = "t1" };
        Assert.Equal(ApplyState.Duplicate, DebtorDecider.TransferAccount(first.State!, command, Context, run.Now).Reply.State);
        Assert.Equal(RefusalReasons.KeyReused, DebtorDecider.TransferAccount(first.State!, command with { CreditorId = "other" }, Context, run.Now).Reply.Refusal?.Reason);
        Assert.Equal(RefusalReasons.UnknownAccount, DebtorDecider.TransferAccount(run.State, command with { Account = new AccountId("z") }, Context, run.Now).Reply.Refusal?.Reason);
    }
}
