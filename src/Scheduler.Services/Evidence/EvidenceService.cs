using Google.Protobuf;
using Grpc.Core;
using Scheduler.Protocol.Border;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Evidence;
using Scheduler.V1;

namespace Scheduler.Services.Evidence;

/// <summary>Signed roots, and where each debtor's chain stands. Reads only.</summary>
public sealed class EvidenceService(RootBook roots, IDebtorStore store, IEventLog log) : V1.EvidenceService.EvidenceServiceBase
{
    /// <summary>Rows read and heads sent at a time: below a megabyte of rows.</summary>
    private const int HeadsPerMessage = 500;

    public override async Task<ListRootsResponse> ListRoots(ListRootsRequest request, ServerCallContext context)
    {
        var signed = await roots.ListAsync(Tenant(request.TenantId), context.CancellationToken);
        return new ListRootsResponse
        {
            Roots = { signed },
            PublicKeyPem = roots.PublicKeyPem,
            Keys = { await roots.ListKeysAsync(signed, context.CancellationToken) },
        };
    }

    public override async Task StreamHeads(StreamHeadsRequest request, IServerStreamWriter<StreamHeadsResponse> responseStream, ServerCallContext context)
    {
        var tenant = Tenant(request.TenantId);
        var cursor = await log.ReadHeadAsync(context.CancellationToken);
        if (request.DebtorId.Length > 0)
        {
            var one = new StreamHeadsResponse { LogCursor = cursor };
            if (await store.ReadAsync(new DebtorKey(tenant, request.DebtorId), context.CancellationToken) is { } row) one.Heads.Add(HeadOf(row));
            await responseStream.WriteAsync(one, context.CancellationToken);
            return;
        }

        DebtorKey? after = null;
        while (true)
        {
            var rows = await store.ListDebtorsAsync(tenant, after, HeadsPerMessage, context.CancellationToken);
            var response = new StreamHeadsResponse { LogCursor = cursor };
            foreach (var row in rows) response.Heads.Add(HeadOf(row));
            await responseStream.WriteAsync(response, context.CancellationToken);
            if (rows.Count < HeadsPerMessage) return;
            after = rows[^1].Key;
        }
    }

    private static DebtorHead HeadOf(DebtorRow row)
    {
        var head = new DebtorHead { DebtorId = row.Key.Debtor };
        try
        {
            var state = StateCodec.DecodeSealed(row.Key, row.State.Span);
            head.ChainHash = ByteString.CopyFrom(state.ChainHead.AsSpan());
            head.EventCount = state.EventCount;
            head.Erased = state.Phase == Domain.Debtors.DebtorPhase.Erased;
        }
        catch (Exception unreadable) when (unreadable is FormatException or OverflowException)
        {
            // Without a hash the auditor finds the debtor's chain broken; the others' heads must still come.
        }

        return head;
    }

    private static string Tenant(string tenant)
    {
        var violations = new FieldViolations();
        violations.Id("tenant_id", tenant);
        Refuse.ThrowIfAny(violations);
        return tenant;
    }
}
