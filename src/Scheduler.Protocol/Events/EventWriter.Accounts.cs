using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <content>Accounts, with payments, promises and holds, and the steps of their strategies.</content>
internal sealed partial class EventWriter
{
    private void Write(DebtorEvent.AccountEntered e)
    {
        var start = _wire.Begin(V1.DebtorEvent.AccountEnteredFieldNumber);
        Write(e.Account);
        _wire.End(start);
        if (!_isSealed || e.Account.Variables.IsEmpty) return;
        var fields = BeginPersonal();
        _pairs.AddRange(e.Account.Variables.AsSpan());
        WritePairs(V1.PersonalEventFields.VariablesFieldNumber);
        _personal.End(fields);
    }

    private void Write(DebtorEvent.AccountClosed e)
    {
        var start = _wire.Begin(V1.DebtorEvent.AccountClosedFieldNumber);
        _wire.Text(V1.AccountClosed.AccountIdFieldNumber, Names.Of(e.Account));
        _wire.Number(V1.AccountClosed.ReasonFieldNumber, (int)e.Reason.ToProto());
        _wire.End(start);
    }

    private void Write(DebtorEvent.PaymentRecorded e)
    {
        var start = _wire.Begin(V1.DebtorEvent.PaymentRecordedFieldNumber);
        _wire.Text(V1.PaymentRecorded.PaymentIdFieldNumber, e.PaymentId);
        _wire.Text(V1.PaymentRecorded.AccountIdFieldNumber, Names.Of(e.Account));
        Money(V1.PaymentRecorded.AmountFieldNumber, e.Amount);
        if (e.BalanceAfter is { } after) Money(V1.PaymentRecorded.BalanceAfterFieldNumber, after);
        _wire.End(start);
    }

    private void Write(DebtorEvent.HoldPlaced e)
    {
        var start = _wire.Begin(V1.DebtorEvent.HoldPlacedFieldNumber);
        Write(e.Hold);
        _wire.Text(V1.HoldPlaced.CauseFieldNumber, e.Cause);
        _wire.End(start);
    }

    private void Write(DebtorEvent.HoldEnded e)
    {
        var start = _wire.Begin(V1.DebtorEvent.HoldEndedFieldNumber);
        _wire.Text(V1.HoldEnded.HoldIdFieldNumber, e.HoldId);
        _wire.Number(V1.HoldEnded.KindFieldNumber, (int)e.Kind.ToProto());
        _wire.Flag(V1.HoldEnded.LiftedFieldNumber, e.Lifted);
        _wire.End(start);
    }

    private void Write(DebtorEvent.PromiseChanged e)
    {
        var start = _wire.Begin(V1.DebtorEvent.PromiseChangedFieldNumber);
        Write(e.Promise);
        _wire.End(start);
    }

    private void Write(DebtorEvent.StepPassed e)
    {
        var start = _wire.Begin(V1.DebtorEvent.StepPassedFieldNumber);
        _wire.Text(V1.StepPassed.AccountIdFieldNumber, Names.Of(e.Account));
        _wire.Text(V1.StepPassed.StrategyVersionFieldNumber, e.StrategyVersion);
        _wire.Text(V1.StepPassed.StepIdFieldNumber, e.StepId);
        _wire.Number(V1.StepPassed.DayFieldNumber, e.Day);
        _wire.Number(V1.StepPassed.PassingFieldNumber, (int)e.Passing.ToProto());
        _wire.Text(V1.StepPassed.RuleIdFieldNumber, e.RuleId);
        _wire.End(start);
    }

    /// <summary>Its template variables stand in no event.</summary>
    private void Write(Account account)
    {
        var start = _wire.Begin(V1.AccountEntered.AccountFieldNumber);
        _wire.Text(V1.Account.AccountIdFieldNumber, account.Id.Value);
        _wire.Text(V1.Account.CreditorIdFieldNumber, account.CreditorId);
        _wire.Number(V1.Account.CollectorKindFieldNumber, (int)account.Collector.ToProto());
        _wire.Number(V1.Account.PartyRoleFieldNumber, (int)account.Role.ToProto());
        _wire.Text(V1.Account.CountingDebtKeyFieldNumber, account.DebtKey);
        _wire.Text(V1.Account.ProductFieldNumber, account.Product);
        Fact(V1.Account.ConsumerPurposeFieldNumber, account.IsConsumer);
        Money(V1.Account.BalanceFieldNumber, account.Balance);
        Time(V1.Account.BalanceTimeFieldNumber, account.BalanceAt);
        Date(V1.Account.OldestDueDateFieldNumber, account.OldestDueOn);
        _wire.Number(V1.Account.StageFieldNumber, (int)account.Stage.ToProto());
        Date(V1.Account.ContractDateFieldNumber, account.ContractOn);
        Fact(V1.Account.TimeBarredFieldNumber, account.IsTimeBarred);
        _wire.Text(V1.Account.StrategyIdFieldNumber, account.StrategyId);
        _wire.Text(V1.Account.PortfolioIdFieldNumber, account.PortfolioId);
        Texts(V1.Account.TagsFieldNumber, account.Tags);
        if (account.EnteredAt != default) Time(V1.Account.EnterTimeFieldNumber, account.EnteredAt);
        _wire.Number(V1.Account.CloseReasonFieldNumber, (int)(account.Closed ?? CloseReason.Unknown).ToProto());
        _wire.End(start);
    }

    private void Write(Hold hold)
    {
        var start = _wire.Begin(V1.HoldPlaced.HoldFieldNumber);
        _wire.Text(V1.Hold.HoldIdFieldNumber, hold.Id);
        _wire.Number(V1.Hold.KindFieldNumber, (int)hold.Kind.ToProto());
        Accounts(V1.Hold.AccountIdsFieldNumber, hold.Accounts);
        _wire.Text(V1.Hold.CreditorIdFieldNumber, hold.CreditorId);
        Channels(V1.Hold.ChannelsFieldNumber, hold.Channels);
        Time(V1.Hold.StartTimeFieldNumber, hold.Start);
        Time(V1.Hold.EndTimeFieldNumber, hold.End);
        _wire.Text(V1.Hold.MethodFieldNumber, hold.Method);
        _wire.End(start);
    }

    private void Write(Promise promise)
    {
        var start = _wire.Begin(V1.PromiseChanged.PromiseFieldNumber);
        _wire.Text(V1.Promise.PromiseIdFieldNumber, promise.Id);
        Accounts(V1.Promise.AccountIdsFieldNumber, promise.Accounts);
        Money(V1.Promise.AmountFieldNumber, promise.Amount);
        Date(V1.Promise.DueDateFieldNumber, promise.DueOn);
        _wire.Number(V1.Promise.StateFieldNumber, (int)promise.State.ToProto());
        Money(V1.Promise.PaidAmountFieldNumber, promise.Paid);
        _wire.End(start);
    }
}
