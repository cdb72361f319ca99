using Grpc.Core;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Writing;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>Debtors that were taken out of work because their turns failed.</summary>
public sealed class QuarantineCalls(DebtorRoute route, IDebtorStore store, UnreadableRows unreadable)
{
    public async Task<ListQuarantineResponse> ListAsync(ListQuarantineRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var size = LinkPage.Size(violations, request.PageSize);
        Refuse.ThrowIfAny(violations);
        var links = await store.ListLinksAsync(request.TenantId, LinkKind.Quarantined, LinkPage.After(request.PageToken), size, context.CancellationToken);
        var response = new ListQuarantineResponse { NextPageToken = links.Count < size ? "" : LinkPage.Token(links[^1]) };
        foreach (var link in links)
        {
            if (StandingLinks.QuarantineOf(link.Key) is not { } why) continue;
            response.Entries.Add(new QuarantineEntry
            {
                DebtorId = link.Debtor.Debtor,
                Reason = why.Reason,
                SinceTime = ScalarMap.ToProto(why.Since),
                FaultCount = why.Faults,
                LastFault = why.Fault,
            });
        }

        return response;
    }

    public async Task<ResolveQuarantineResponse> ResolveAsync(ResolveQuarantineRequest request, ServerCallContext context)
    {
        BatchSize.Check("debtor_ids", request.DebtorIds.Count);
        var violations = new FieldViolations();
        violations.Known("action", request.Action);
        var reason = Statement.Reason(violations, request.Actor);
        Refuse.ThrowIfAny(violations);
        var order = new QuarantineOrder(request.Action == QuarantineAction.Release, AccessInterceptor.Caller(context).Actor, reason);
        var pending = request.DebtorIds.Select((debtor, index) => Admit(request.TenantId, debtor, index)).ToArray();
        var results = await OrderedBatch.RunAsync(pending, static p => p.Keys, p => ResolveAsync(p, order, context.CancellationToken));
        return new ResolveQuarantineResponse { Results = { results } };
    }

    private static Pending<string> Admit(string tenant, string debtor, int index)
    {
        var violations = new FieldViolations();
        violations.Id($"debtor_ids[{index}]", debtor);
        return violations.Any ? Pending<string>.Refused(index, debtor, Refuse.Item(violations)) : Pending<string>.To(index, debtor, DebtorRoute.KeyOf(tenant, debtor));
    }

    private async Task<Google.Rpc.Status> ResolveAsync(Pending<string> pending, QuarantineOrder order, CancellationToken cancellationToken)
    {
        if (pending.Refusal is { } refusal) return refusal;
        try
        {
            return await AnswerAsync(pending.Keys[0], order, cancellationToken);
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return status;
        }
    }

    /// <summary>A row that cannot be read is put back as it is; everything else is the debtor's own turn.</summary>
    private async Task<Google.Rpc.Status> AnswerAsync(string key, QuarantineOrder order, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await route.Grain(key).ResolveQuarantine(order);
            return answer.Fault is { } fault ? Refuse.Item(fault) : new Google.Rpc.Status();
        }
        catch (DebtorUnreadableException)
        {
            return await unreadable.ResolveAsync(DebtorKey.Parse(key), order.Released, order.Actor, order.Reason, cancellationToken)
                ? new Google.Rpc.Status()
                : Refuse.Item(Domain.Debtors.RefusalReasons.NotQuarantined, "The debtor is not in quarantine.");
        }
    }
}
