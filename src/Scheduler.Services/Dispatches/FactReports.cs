using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.Services.Stops;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>Outcomes and receipts, on their own or on the way with a pull. A fact counts once, however late.</summary>
public sealed class FactReports(DebtorRoute route, StopReach reach, TimeProvider clock, TransportClock transport)
{
    public async Task<FactResult[]> ReportAsync(IReadOnlyList<Outcome> outcomes, string gateway, Credential caller)
    {
        var now = Now();
        var pending = outcomes.Select((outcome, i) => Admit(outcome, i, gateway, caller, now)).ToArray();
        return await OrderedBatch.RunAsync(
            pending, static p => p.Keys, p => AnswerAsync(
                p, gateway, caller, static (grain, report) => grain.ReportOutcome(report), () => LearnAsync(p, now)));
    }

    public async Task<FactResult[]> ReportAsync(IReadOnlyList<Receipt> receipts, string gateway, Credential caller)
    {
        var now = Now();
        var pending = await Task.WhenAll(receipts.Select((receipt, i) => AdmitAsync(receipt, i, caller, now)));
        return await OrderedBatch.RunAsync(
            pending, static p => p.Keys, p => AnswerAsync(
                p, gateway, caller, static (grain, report) => grain.ReportReceipt(report), () => LearnAsync(p, now)));
    }

    private static Pending<Outcome> Admit(Outcome outcome, int index, string gateway, Credential caller, Instant now)
    {
        var violations = new FieldViolations();
        OutcomeMap.Read(outcome, gateway, violations, now);
        if (violations.Any) return Pending<Outcome>.Refused(index, outcome, Refuse.Item(violations));
        return caller.Covers(outcome.Lease.TenantId)
            ? Pending<Outcome>.To(index, outcome, DebtorRoute.KeyOf(outcome.Lease.TenantId, outcome.Lease.DebtorId))
            : Pending<Outcome>.Refused(index, outcome, NotCovered(outcome.Lease.TenantId));
    }

    private Task<Pending<Receipt>> AdmitAsync(Receipt receipt, int index, Credential caller, Instant now)
    {
        var violations = new FieldViolations();
        violations.Id("tenant_id", receipt.TenantId);
        OutcomeMap.Read(receipt, violations, now);
        if (violations.Any) return Task.FromResult(Pending<Receipt>.Refused(index, receipt, Refuse.Item(violations)));
        if (!caller.Covers(receipt.TenantId)) return Task.FromResult(Pending<Receipt>.Refused(index, receipt, NotCovered(receipt.TenantId)));
        if (receipt.ContactCase == Receipt.ContactOneofCase.ProviderContactId)
        {
            return Pending<Receipt>.FindAsync(index, receipt, route.ByProviderContactAsync(receipt.TenantId, receipt.ProviderContactId), static () =>
                Refuse.Item(Reasons.DispatchNotFound, "No contact with this provider's id."));
        }

        return Task.FromResult(Pending<Receipt>.To(index, receipt, DebtorRoute.KeyOfDispatch(receipt.TenantId, receipt.DispatchId)));
    }

    /// <summary>The addresses learn of a stop in it first; then the debtor has it; then whoever else lists them is told, or it is not acknowledged.</summary>
    private async Task<FactResult> AnswerAsync<TItem>(
        Pending<TItem> pending, string gateway, Credential caller, Func<IDebtorGrain, FactReport, Task<FactAnswer>> call, Func<Task<ImmutableArray<Told>>> learn)
        where TItem : IMessage
    {
        if (pending.Refusal is { } refusal) return Refused(refusal);
        try
        {
            var listers = await learn();
            var result = await AnswerAsync(pending, gateway, caller, call);
            if (listers.IsEmpty || result.Status is not null) return result;
            return await reach.TellAsync(listers, caller.Actor) is { } failed ? Refused(failed) : result;
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return new FactResult { State = FactState.Invalid, Status = status };
        }
    }

    private async Task<ImmutableArray<Told>> LearnAsync(Pending<Outcome> pending, Instant now)
    {
        var outcome = pending.Item;
        if (outcome.Placed is not { Signals.Count: > 0 } placed) return [];
        var listers = ImmutableArray.CreateBuilder<Told>();
        foreach (var signal in placed.Signals)
        {
            var command = SignalMap.Read(signal, new FieldViolations(), now, needsTarget: false);
            if (Stop.Of(signal, command, now) is { } stop) listers.AddRange(await reach.LearnAsync(outcome.Lease.TenantId, pending.Keys, stop, outcome.Lease.DispatchId));
        }

        return listers.ToImmutable();
    }

    private async Task<ImmutableArray<Told>> LearnAsync(Pending<Receipt> pending, Instant now)
    {
        var receipt = pending.Item;
        if (!Stop.Ends(receipt)) return [];
        var listers = ImmutableArray.CreateBuilder<Told>();
        foreach (var key in pending.Keys)
        {
            var answers = await reach.FindAsync(receipt.TenantId, key, new SourceQuestion(receipt.DispatchId, receipt.ProviderContactId, []));
            var channel = answers.Select(static answer => answer.Channel).FirstOrDefault(static known => known != Domain.Debtors.ContactChannel.Unknown);
            if (answers.All(static answer => answer.Addresses.IsEmpty) || Stop.Of(receipt, answers.First().DispatchId, channel, now) is not { } stop) continue;
            listers.AddRange(await reach.LearnAsync(receipt.TenantId, [key], stop, answers));
        }

        return listers.ToImmutable();
    }

    private async Task<FactResult> AnswerAsync<TItem>(
        Pending<TItem> pending, string gateway, Credential caller, Func<IDebtorGrain, FactReport, Task<FactAnswer>> call)
        where TItem : IMessage
    {
        var report = new FactReport(pending.Item.ToByteArray(), gateway, caller.Actor);
        FactResult? best = null;
        foreach (var key in pending.Keys)
        {
            FactResult result;
            try
            {
                var startedAt = transport.Time.GetUtcNow();
                var answer = await call(route.Grain(key), report);
                Trace(pending.Item, key, answer, startedAt);
                result = Write(answer);
                if (!answer.Parts.IsEmpty && result.State != FactState.Invalid) result = await ReportAsync(pending.Item, key, answer, report, call) ?? result;
            }
            catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
            {
                result = new FactResult { State = FactState.Invalid, Status = status };
            }

            // Two debtors under one provider's id: the one that knows the contact answers for both.
            if (best is null || best.State == FactState.Unknown) best = result;
        }

        return best!;
    }

    private static void Trace(IMessage fact, string debtor, FactAnswer answer, DateTimeOffset startedAt)
    {
        if (fact is Outcome outcome) ContactTraces.Reported("outcome", debtor, outcome.Lease.DispatchId, answer.Fate.ToString(), startedAt);
        else if (fact is Receipt { DispatchId: var dispatch }) ContactTraces.Reported("receipt", debtor, dispatch, answer.Fate.ToString(), startedAt);
    }

    /// <summary>To the debtors that were split from this one since: each counts it once. Null when each has it, or it is none of its own.</summary>
    private async Task<FactResult?> ReportAsync(IMessage fact, string from, FactAnswer first, FactReport report, Func<IDebtorGrain, FactReport, Task<FactAnswer>> call)
    {
        var tenant = from[..from.IndexOf('/', StringComparison.Ordinal)];
        var late = report with { Body = LateFacts.Of(fact, first.DispatchId).ToByteArray() };
        var told = new HashSet<string>(StringComparer.Ordinal) { from };
        var next = new Queue<string>(first.Parts);
        while (next.TryDequeue(out var part))
        {
            var key = DebtorRoute.KeyOf(tenant, part);
            if (!told.Add(key)) continue;
            var answer = await call(route.Grain(key), late);
            if (answer.Fate != FactFate.NoSuchDispatch && answer.Fault is { } fault && !LateFacts.IsNotTheirs(fault.Reason)) return Write(answer);
            foreach (var further in answer.Parts) next.Enqueue(further);
        }

        return null;
    }

    private static FactResult Write(FactAnswer answer)
    {
        var result = new FactResult { State = (FactState)(int)answer.Fate };
        result.BrokenRuleIds.AddRange(answer.BrokenRules);
        if (answer.Fault is { } fault) result.Status = Refuse.Item(fault);
        else if (result.State == FactState.Unknown) result.Status = Refuse.Item(Reasons.DispatchNotFound, "No such dispatch.");
        return result;
    }

    /// <summary>A dispatch that nobody knows is a state of its own; everything else at the border is invalid.</summary>
    private static FactResult Refused(Google.Rpc.Status status) => new()
    {
        State = status.Code == (int)Grpc.Core.StatusCode.NotFound ? FactState.Unknown : FactState.Invalid,
        Status = status,
    };

    private static Google.Rpc.Status NotCovered(string tenant) =>
        Refuse.Item(Reasons.TenantNotAllowed, "The credential does not cover this tenant.", ("tenant_id", tenant));

    private Instant Now() => Instant.FromDateTimeOffset(clock.GetUtcNow());
}
