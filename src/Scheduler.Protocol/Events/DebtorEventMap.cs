using NodaTime;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Events about the person, their accounts, consents, holds, promises and steps.</summary>
internal static class DebtorEventMap
{
    /// <summary>False when the event is not one of these.</summary>
    public static bool Write(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.EntryApplied e:
                target.EntryApplied = new() { SourceVersion = e.SourceVersion, Digest = e.Digest, SnapshotId = e.SnapshotId };
                return true;
            case DebtorEvent.ProfileReplaced e:
                target.ProfileReplaced = new() { Profile = PlaceMap.Write(e.Profile) };
                return true;
            case DebtorEvent.PointsReplaced e:
                target.PointsReplaced = new();
                foreach (var point in e.Points) target.PointsReplaced.Points.Add(PointMap.Write(point, ""));
                return true;
            case DebtorEvent.PointChanged e:
                target.PointChanged = new() { PointId = Names.Of(e.Point), Status = e.Status.ToProto(), Cause = e.Cause };
                return true;
            case DebtorEvent.AccountEntered e:
                target.AccountEntered = new() { Account = AccountMap.Write(e.Account with { Variables = [] }) };
                return true;
            case DebtorEvent.AccountClosed e:
                target.AccountClosed = new() { AccountId = Names.Of(e.Account), Reason = e.Reason.ToProto() };
                return true;
            case DebtorEvent.AccountReopened e:
                target.AccountReopened = new() { AccountId = Names.Of(e.Account), Cause = e.Cause };
                return true;
            case DebtorEvent.ScopeJoined e:
                target.ScopeJoined = new() { Scope = e.Scope.ToString() };
                return true;
            case DebtorEvent.PaymentRecorded e:
                target.PaymentRecorded = new()
                {
                    PaymentId = e.PaymentId,
                    AccountId = Names.Of(e.Account),
                    Amount = ScalarMap.ToProto(e.Amount),
                    BalanceAfter = ScalarMap.ToProto(e.BalanceAfter),
                };
                return true;
            default:
                return WriteStanding(source, target);
        }
    }

    public static DebtorEvent? Read(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.EntryApplied => new DebtorEvent.EntryApplied(
            at, source.EntryApplied.SourceVersion, source.EntryApplied.Digest, source.EntryApplied.SnapshotId),
        V1.DebtorEvent.EventOneofCase.ProfileReplaced => new DebtorEvent.ProfileReplaced(at, PlaceMap.Trusted(source.ProfileReplaced.Profile)),
        V1.DebtorEvent.EventOneofCase.PointsReplaced => new DebtorEvent.PointsReplaced(
            at, [.. source.PointsReplaced.Points.Select(PointMap.Trusted)]),
        V1.DebtorEvent.EventOneofCase.PointChanged => new DebtorEvent.PointChanged(
            at, Names.Point(source.PointChanged.PointId), source.PointChanged.Status.ToDomain(), source.PointChanged.Cause),
        V1.DebtorEvent.EventOneofCase.AccountEntered => new DebtorEvent.AccountEntered(at, AccountMap.Trusted(source.AccountEntered.Account)),
        V1.DebtorEvent.EventOneofCase.AccountClosed => new DebtorEvent.AccountClosed(
            at, new AccountId(source.AccountClosed.AccountId), source.AccountClosed.Reason.ToDomain()),
        V1.DebtorEvent.EventOneofCase.AccountReopened => new DebtorEvent.AccountReopened(
            at, new AccountId(source.AccountReopened.AccountId), source.AccountReopened.Cause),
        V1.DebtorEvent.EventOneofCase.ScopeJoined => new DebtorEvent.ScopeJoined(at, SharedScope.Parse(source.ScopeJoined.Scope)),
        V1.DebtorEvent.EventOneofCase.PaymentRecorded => new DebtorEvent.PaymentRecorded(
            at,
            source.PaymentRecorded.PaymentId,
            new AccountId(source.PaymentRecorded.AccountId),
            ScalarMap.ToAmount(source.PaymentRecorded.Amount),
            source.PaymentRecorded.BalanceAfter is { } after ? ScalarMap.ToAmount(after) : null),
        _ => ReadStanding(source, at),
    };

    /// <summary>What stands until something ends it: consents, holds, promises, steps.</summary>
    private static bool WriteStanding(DebtorEvent source, V1.DebtorEvent target)
    {
        switch (source)
        {
            case DebtorEvent.ConsentRecorded e:
                target.ConsentRecorded = new() { Consent = ConsentMap.Write(e.Consent), Cause = e.Cause };
                return true;
            case DebtorEvent.HoldPlaced e:
                target.HoldPlaced = new() { Hold = HoldMap.Write(e.Hold), Cause = e.Cause };
                return true;
            case DebtorEvent.HoldEnded e:
                target.HoldEnded = new() { HoldId = e.HoldId, Kind = e.Kind.ToProto(), Lifted = e.Lifted };
                return true;
            case DebtorEvent.PromiseChanged e:
                target.PromiseChanged = new() { Promise = HoldMap.Write(e.Promise) };
                return true;
            case DebtorEvent.Noted e:
                target.SignalNoted = new() { SignalId = e.SignalId, Kind = e.Kind, Detail = e.Detail, Channel = e.Channel.ToProto() };
                return true;
            case DebtorEvent.DebtorErased e:
                target.DebtorErased = new() { RequestId = e.RequestId, ActorId = e.ActorId, Reason = e.Reason };
                return true;
            case DebtorEvent.DebtorExported e:
                target.DebtorExported = new() { ActorId = e.ActorId, Reason = e.Reason };
                return true;
            case DebtorEvent.CallbackAsked e:
                target.CallbackAsked = new()
                {
                    SignalId = e.SignalId,
                    EarliestTime = ScalarMap.ToProto(e.Earliest),
                    LatestTime = ScalarMap.ToProto(e.Latest),
                    PointId = Names.Of(e.Point),
                };
                return true;
            case DebtorEvent.StepPassed e:
                target.StepPassed = new()
                {
                    AccountId = Names.Of(e.Account),
                    StrategyVersion = e.StrategyVersion,
                    StepId = e.StepId,
                    Day = e.Day,
                    Passing = e.Passing.ToProto(),
                    RuleId = e.RuleId,
                };
                return true;
            case DebtorEvent.ContactRefused e:
                target.ContactRefused = new()
                {
                    AccountId = Names.Of(e.Account),
                    StepId = e.StepId,
                    Channel = e.Channel.ToProto(),
                    RuleId = e.RuleId,
                    UntilTime = ScalarMap.ToProto(e.Until),
                    Proof = ProofMap.Write(e.Proof),
                };
                return true;
            default:
                return false;
        }
    }

    private static DebtorEvent? ReadStanding(V1.DebtorEvent source, Instant at) => source.EventCase switch
    {
        V1.DebtorEvent.EventOneofCase.ConsentRecorded => new DebtorEvent.ConsentRecorded(
            at, ConsentMap.Trusted(source.ConsentRecorded.Consent), source.ConsentRecorded.Cause),
        V1.DebtorEvent.EventOneofCase.HoldPlaced => new DebtorEvent.HoldPlaced(at, HoldMap.Trusted(source.HoldPlaced.Hold), source.HoldPlaced.Cause),
        V1.DebtorEvent.EventOneofCase.HoldEnded => new DebtorEvent.HoldEnded(
            at, source.HoldEnded.HoldId, source.HoldEnded.Kind.ToDomain(), source.HoldEnded.Lifted),
        V1.DebtorEvent.EventOneofCase.PromiseChanged => new DebtorEvent.PromiseChanged(at, HoldMap.Trusted(source.PromiseChanged.Promise)),
        V1.DebtorEvent.EventOneofCase.SignalNoted => new DebtorEvent.Noted(
            at, source.SignalNoted.SignalId, source.SignalNoted.Kind, source.SignalNoted.Detail, source.SignalNoted.Channel.ToDomain()),
        V1.DebtorEvent.EventOneofCase.DebtorErased => new DebtorEvent.DebtorErased(
            at, source.DebtorErased.RequestId, source.DebtorErased.ActorId, source.DebtorErased.Reason),
        V1.DebtorEvent.EventOneofCase.DebtorExported => new DebtorEvent.DebtorExported(at, source.DebtorExported.ActorId, source.DebtorExported.Reason),
        V1.DebtorEvent.EventOneofCase.CallbackAsked => new DebtorEvent.CallbackAsked(
            at,
            source.CallbackAsked.SignalId,
            ScalarMap.ToInstant(source.CallbackAsked.EarliestTime),
            ScalarMap.ToInstant(source.CallbackAsked.LatestTime),
            Names.Point(source.CallbackAsked.PointId)),
        V1.DebtorEvent.EventOneofCase.StepPassed => new DebtorEvent.StepPassed(
            at,
            new AccountId(source.StepPassed.AccountId),
            source.StepPassed.StrategyVersion,
            source.StepPassed.StepId,
            source.StepPassed.Day,
            source.StepPassed.Passing.ToDomain(),
            source.StepPassed.RuleId),
        V1.DebtorEvent.EventOneofCase.ContactRefused => new DebtorEvent.ContactRefused(
            at,
            new AccountId(source.ContactRefused.AccountId),
            source.ContactRefused.StepId,
            source.ContactRefused.Channel.ToDomain(),
            source.ContactRefused.RuleId,
            Names.Instant(source.ContactRefused.UntilTime),
            ProofMap.Read(source.ContactRefused.Proof)),
        _ => null,
    };
}
