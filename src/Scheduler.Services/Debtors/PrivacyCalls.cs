using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Debtors;

/// <summary>A person's rights over their data: everything handed over, everything erased.</summary>
public sealed class PrivacyCalls(DebtorRoute route, DebtorExport export)
{
    /// <summary>As the protocol says of a chunk.</summary>
    private const int ChunkBytes = 64 * 1024;

    private static readonly string[] ErasedKinds = ["addresses", "template variables", "postal codes", "references to evidence", "state", "links"];

    public async Task<EraseDebtorResponse> EraseAsync(EraseDebtorRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", request.DebtorId);
        violations.Id("request_id", request.RequestId);
        CheckActor(request.Actor, violations);
        Refuse.ThrowIfAny(violations);
        var wish = new EraseRequest(request.RequestId, AccessInterceptor.Caller(context).Actor, request.Actor.Reason);
        var answer = await route.Grain(await SurvivorAsync(request.TenantId, request.DebtorId)).Erase(wish);
        if (!answer.Found) throw NotFound(request.DebtorId);
        var aliases = new Queue<string>(answer.Aliases);
        while (aliases.TryDequeue(out var alias))
        {
            // From here and not from the debtor's own turn: an alias may be waiting for the debtor.
            foreach (var further in (await route.Grain(DebtorRoute.KeyOf(request.TenantId, alias)).EraseAlias(wish)).Aliases) aliases.Enqueue(further);
        }

        var response = new EraseDebtorResponse { SuppressionKept = answer.Retained.IsEmpty };
        if (answer.Retained.IsEmpty) response.Erased.AddRange(ErasedKinds);
        foreach (var kept in answer.Retained)
        {
            response.Retained.Add(new RetainedData
            {
                Data = kept.What,
                Basis = kept.Basis,
                RetainUntilTime = kept.Until is { } until ? ScalarMap.ToProto(Instant.FromDateTimeOffset(until)) : null,
                Retention = kept.Retention is { } span ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(span) : null,
            });
        }

        return response;
    }

    public async Task ExportAsync(ExportDebtorRequest request, IServerStreamWriter<ExportDebtorResponse> stream, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", request.DebtorId);
        if (request.Format is not ("json" or "html")) violations.Add("format", FieldReasons.Malformed, "json or html");
        CheckActor(request.Actor, violations);
        Refuse.ThrowIfAny(violations);
        var actor = AccessInterceptor.Caller(context).Actor;
        var survivor = await SurvivorAsync(request.TenantId, request.DebtorId);
        var noted = await route.Grain(survivor)
            .NoteExport(new Submission(System.Text.Encoding.UTF8.GetBytes(request.Actor.Reason), actor));
        if (noted == ExportPermission.Erased) throw Refuse.Call(Domain.Debtors.RefusalReasons.Erased, "The debtor's data were erased.", ("debtor_id", request.DebtorId));
        var bytes = noted == ExportPermission.Noted
            ? await export.WriteAsync(DebtorKey.Parse(survivor), request.Format, actor, context.CancellationToken)
            : null;
        if (bytes is null) throw NotFound(request.DebtorId);
        for (var from = 0; from < bytes.Length; from += ChunkBytes)
        {
            var chunk = ByteString.CopyFrom(bytes.AsSpan(from, Math.Min(ChunkBytes, bytes.Length - from)));
            await stream.WriteAsync(new ExportDebtorResponse { Chunk = chunk }, context.CancellationToken);
        }
    }

    /// <summary>Key of the debtor, or of the one that it was merged into.</summary>
    private async Task<string> SurvivorAsync(string tenant, string debtor)
    {
        while (true)
        {
            var standing = await route.Grain(DebtorRoute.KeyOf(tenant, debtor)).GetStanding();
            if (standing.AliasOf.Length == 0) return DebtorRoute.KeyOf(tenant, debtor);
            debtor = standing.AliasOf;
        }
    }

    /// <summary>The actor's id is the credential's; why is asked of the caller.</summary>
    private static void CheckActor(Actor? actor, FieldViolations violations)
    {
        using var scope = violations.In("actor");
        if (actor is null || actor.Reason.Length == 0) violations.Add("reason", FieldReasons.Required, "why, without personal data");
        else violations.Text("reason", actor.Reason, BorderLimits.ReferenceLength);
    }

    private static RpcException NotFound(string debtor) => Refuse.Call(Reasons.DebtorNotFound, "No such debtor.", ("debtor_id", debtor));
}
