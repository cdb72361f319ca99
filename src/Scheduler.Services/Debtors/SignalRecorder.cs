using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.Services.Stops;
using Scheduler.V1;

namespace Scheduler.Services.Debtors;

/// <summary>Finds the debtors of each signal (named, by dispatch, by account, by address) and records it with them.</summary>
public sealed class SignalRecorder(DebtorRoute route, StopReach reach)
{
    public async Task<SignalResult[]> RecordAsync(string tenant, IReadOnlyList<Signal> signals, Credential caller, Instant now)
    {
        var pending = await Task.WhenAll(signals.Select((signal, i) => RouteAsync(tenant, signal, i, now)));
        return await OrderedBatch.RunAsync(pending, static p => p.Keys, p => RecordAsync(tenant, p, caller, now));
    }

    private Task<Pending<Signal>> RouteAsync(string tenant, Signal signal, int index, Instant now)
    {
        var violations = new FieldViolations();
        var command = SignalMap.Read(signal, violations, now);
        if (violations.Any) return Task.FromResult(Pending<Signal>.Refused(index, signal, Refuse.Item(violations)));
        switch (signal.TargetCase)
        {
            case Signal.TargetOneofCase.AccountId:
                return Pending<Signal>.FindAsync(index, signal, route.ByAccountAsync(tenant, signal.AccountId), static () =>
                    Refuse.Item(Reasons.AccountNotFound, "No debtor has this account."));
            case Signal.TargetOneofCase.Address:
                return AtAddressAsync(tenant, signal, index, command, now);
            case Signal.TargetOneofCase.DispatchId:
                return Task.FromResult(Pending<Signal>.To(index, signal, DebtorRoute.KeyOfDispatch(tenant, signal.DispatchId)));
            default:
                return Task.FromResult(Pending<Signal>.To(index, signal, DebtorRoute.KeyOf(tenant, signal.DebtorId)));
        }
    }

    /// <summary>
    /// Every debtor that lists the address. What it teaches about the address is kept also where nobody lists it yet. An address of more
    /// debtors than a phone or a mailbox can have is nobody's and says nothing, but who answers there may end the contact, for however many.
    /// </summary>
    private async Task<Pending<Signal>> AtAddressAsync(string tenant, Signal signal, int index, SignalCommand command, Instant now)
    {
        try
        {
            var lesson = AddressLesson.Of(command, now);
            if (lesson.Learned.IsEmpty && (await route.ByAddressAsync(tenant, command.Address)).Count > BorderLimits.DebtorsOfAddress)
                return Pending<Signal>.Refused(index, signal, TooMany());
            var keys = await route.LearnAsync(tenant, command.Address, lesson);
            return keys.Count > 0 || !lesson.IsEmpty
                ? new Pending<Signal>(index, signal, keys, null)
                : Pending<Signal>.Refused(index, signal, Refuse.Item(Reasons.AddressNotFound, "No debtor lists this address."));
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return Pending<Signal>.Refused(index, signal, status);
        }
    }

    private static Google.Rpc.Status TooMany() => Refuse.Item(Reasons.AddressShared, SharedTooWidely, ("limit", $"{BorderLimits.DebtorsOfAddress}"));

    internal static readonly string SharedTooWidely = $"More than {BorderLimits.DebtorsOfAddress} debtors list this address: it says nothing about any of them.";

    /// <summary>
    /// Recorded when any debtor took it now and none refused; a duplicate when all had it before. A stop whose point is known is told to
    /// whoever else lists the point's address too.
    /// </summary>
    private async Task<SignalResult> RecordAsync(string tenant, Pending<Signal> pending, Credential caller, Instant now)
    {
        var result = new SignalResult { SignalIndex = pending.Index, Status = pending.Refusal };
        if (pending.Refusal is not null) return result;
        var (listers, failedToLearn) = await LearnAsync(tenant, pending, now);
        result.Status = failedToLearn;
        if (failedToLearn is not null) return result;
        var own = pending.Keys.Select(key => new Told(key, pending.Item));
        // An address that nobody lists has learned it all the same.
        result.Recorded = pending.Keys.Count == 0;
        var isDuplicate = !result.Recorded;
        var isFromAddress = pending.Item.TargetCase == Signal.TargetOneofCase.Address;
        // A page at a time: an office's number may be thousands of debtors', and a stop must not wait for one commit after the other.
        var next = own.Concat(listers).ToList();
        var known = next.Select(static told => told.Key).ToHashSet(StringComparer.Ordinal);
        for (var from = 0; from < next.Count;)
        {
            var page = next.GetRange(from, Math.Min(BorderLimits.DebtorsOfAddress, next.Count - from));
            from += page.Count;
            foreach (var (told, answer, failed) in await Task.WhenAll(page.Select(told => RecordAsync(told, caller.Actor))))
            {
                result.Status ??= failed;
                if (answer is null) continue;
                var isOther = !pending.Keys.Contains(told.Key) && ReferenceEquals(told.Signal, pending.Item);
                if (answer.Fault is { } fault)
                {
                    if (isOther && LateFacts.IsNotTheirs(fault.Reason)) continue;
                    result.Status ??= Refuse.Item(fault);
                }

                result.Recorded |= answer.Recorded;
                isDuplicate &= answer.Duplicate;
                // Who lists an address is for those who may look it up, and a gateway may not.
                var isHidden = caller.IsGatewayAlone && (isFromAddress || isOther || !ReferenceEquals(told.Signal, pending.Item));
                if (!isHidden && (answer.Recorded || answer.Duplicate)) result.DebtorIds.Add(told.Key[(told.Key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
                result.RevokedDispatchIds.AddRange(answer.Revoked);
                result.UnstoppableDispatchIds.AddRange(answer.Unstoppable);
                // Of a dispatch from before a split, what binds binds the debtor that was made too.
                if (!LateFacts.Binds(pending.Item)) continue;
                next.AddRange(answer.Parts.Select(part => DebtorRoute.KeyOf(tenant, part)).Where(known.Add).Select(key => new Told(key, pending.Item)));
            }
        }

        // Said to be recorded only when every debtor has it: a restriction that one of them lacks is not in force.
        if (result.Status is not null) result.Recorded = false;
        result.Duplicate = isDuplicate && result.Status is null;
        return result;
    }

    /// <summary>Whoever else lists the address that a stop came from. One from an address has been learned and routed already.</summary>
    private async Task<(ImmutableArray<Told> Listers, Google.Rpc.Status? Failed)> LearnAsync(string tenant, Pending<Signal> pending, Instant now)
    {
        var signal = pending.Item;
        if (signal.TargetCase == Signal.TargetOneofCase.Address) return ([], null);
        if (Stop.Of(signal, SignalMap.Read(signal, new FieldViolations(), now), now) is not { } stop) return ([], null);
        try
        {
            return (await reach.LearnAsync(tenant, pending.Keys, stop, signal.TargetCase == Signal.TargetOneofCase.DispatchId ? signal.DispatchId : ""), null);
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return ([], status);
        }
    }

    /// <summary>A debtor that cannot take it keeps it from none of the others.</summary>
    private async Task<(Told Told, SignalAnswer? Answer, Google.Rpc.Status? Failed)> RecordAsync(Told told, string actor)
    {
        try
        {
            return (told, await route.Grain(told.Key).RecordSignal(new Submission(told.Signal.ToByteArray(), actor)), null);
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return (told, null, status);
        }
    }
}
