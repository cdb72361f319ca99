using Grpc.Core;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Writing;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>Dispatches of which nobody knows how they went. Listed from the store, without waking a debtor; resolved by the debtor's own turn.</summary>
public sealed class UnresolvedCalls(DebtorRoute route, IDebtorStore store)
{
    /// <summary>Rows read at once.</summary>
    private const int ReadsAtOnce = 64;

    public async Task<ListUnresolvedResponse> ListAsync(ListUnresolvedRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        var size = LinkPage.Size(violations, request.PageSize);
        violations.IdOrEmpty("gateway_id", request.GatewayId);
        Refuse.ThrowIfAny(violations);
        var links = await store.ListLinksAsync(request.TenantId, LinkKind.Unresolved, LinkPage.After(request.PageToken), size, context.CancellationToken);
        var response = new ListUnresolvedResponse { NextPageToken = links.Count < size ? "" : LinkPage.Token(links[^1]) };
        foreach (var chunk in links.Chunk(ReadsAtOnce))
        {
            var rows = await Task.WhenAll(chunk.Select(link => store.ReadAsync(link.Debtor, context.CancellationToken).AsTask()));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (rows[i] is not { } row) continue;
                if (Read(row) is not { } state)
                {
                    if (request.GatewayId.Length == 0) response.Dispatches.Add(new UnresolvedDispatch { DebtorId = row.Key.Debtor, DispatchId = chunk[i].Key });
                    continue;
                }

                var contact = state.Contacts.FirstOrDefault(known => known.Id == chunk[i].Key);
                if (contact is null || !StandingLinks.IsUnresolved(contact) || (request.GatewayId.Length > 0 && contact.GatewayId != request.GatewayId)) continue;
                response.Dispatches.Add(Write(state, contact));
            }
        }

        return response;
    }

    public async Task<ResolveUnresolvedResponse> ResolveAsync(ResolveUnresolvedRequest request, ServerCallContext context)
    {
        BatchSize.Check("resolutions", request.Resolutions.Count);
        var violations = new FieldViolations();
        var reason = Statement.Reason(violations, request.Actor);
        Refuse.ThrowIfAny(violations);
        var actor = AccessInterceptor.Caller(context).Actor;
        var pending = request.Resolutions.Select((one, i) => Admit(request.TenantId, one, i)).ToArray();
        var results = await OrderedBatch.RunAsync(pending, static p => p.Keys, p => ResolveAsync(p, actor, reason));
        return new ResolveUnresolvedResponse { Results = { results } };
    }

    /// <summary>Null for a row that cannot be read: the list tells which dispatch it is, and goes on.</summary>
    private static Domain.Debtors.DebtorState? Read(DebtorRow row)
    {
        try
        {
            return StateCodec.DecodeSealed(row.Key, row.State.Span);
        }
        catch (Exception unreadable) when (unreadable is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static Pending<Resolution> Admit(string tenant, Resolution resolution, int index)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", resolution.DebtorId);
        violations.Text("dispatch_id", resolution.DispatchId, BorderLimits.ReferenceLength);
        if (!new DispatchId(resolution.DispatchId).TryParse(out _, out _)) violations.Add("dispatch_id", FieldReasons.Malformed, "an id of a dispatch");
        violations.Known("outcome", resolution.Outcome);
        return violations.Any
            ? Pending<Resolution>.Refused(index, resolution, Refuse.Item(violations))
            : Pending<Resolution>.To(index, resolution, DebtorRoute.KeyOf(tenant, resolution.DebtorId));
    }

    private async Task<Google.Rpc.Status> ResolveAsync(Pending<Resolution> pending, string actor, string reason)
    {
        if (pending.Refusal is { } refusal) return refusal;
        try
        {
            var order = new ResolveOrder(pending.Item.DispatchId, (int)pending.Item.Outcome, actor, reason);
            var answer = await route.Grain(pending.Keys[0]).Resolve(order);
            return answer.Fault is { } fault ? Refuse.Item(fault) : new Google.Rpc.Status();
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return status;
        }
    }

    private static UnresolvedDispatch Write(Domain.Debtors.DebtorState state, Domain.Attempts.ContactRecord contact)
    {
        var written = new UnresolvedDispatch
        {
            DispatchId = contact.Id,
            DebtorId = state.Key.Debtor,
            GatewayId = contact.GatewayId,
            Channel = contact.Channel.ToProto(),
            PlaceTime = ScalarMap.ToProto(contact.PlacedAt),
            Placed = FactJoin.SaysPlaced(contact.ReceiptKinds),
            NextTime = ScalarMap.ToProto(state.Wake.At),
        };
        foreach (var account in contact.Accounts) written.AccountIds.Add(account.Value);
        return written;
    }
}
