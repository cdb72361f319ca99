using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Pulls;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Dispatches;

/// <summary>Permission for a contact that nobody planned. A refusal by the rules is an answer; a wrong request is an error.</summary>
public sealed class Authorizer(IDispatchPull pulls)
{
    private static readonly Duration DefaultLease = Duration.FromMinutes(10);

    public async Task<AuthorizeContactResponse> AuthorizeAsync(AuthorizeContactRequest request, ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Id("debtor_id", request.DebtorId);
        using (violations.In("gateway")) violations.IdOrEmpty("instance_id", request.Gateway?.InstanceId ?? "");
        AuthorizeMap.Read(request, violations, LeaseSpan.Read("lease_duration", request.LeaseDuration, violations, DefaultLease));
        Refuse.ThrowIfAny(violations);
        request.LeaseDuration ??= ScalarMap.ToProto(DefaultLease);
        var answer = await pulls.AuthorizeAsync(
            DebtorRoute.KeyOf(request.TenantId, request.DebtorId), request, new DateTimeOffset(context.Deadline, TimeSpan.Zero), context.CancellationToken);
        if (answer.Fault is not { } fault) return Read(answer, AccessInterceptor.Caller(context));
        throw fault.Field.Length == 0 ? Refuse.Call(fault.Reason, fault.Detail) : Refuse.Call(fault.Reason, fault.Detail, ("field", fault.Field));
    }

    private static AuthorizeContactResponse Read(AuthorizeAnswer answer, Credential caller)
    {
        var response = AuthorizeContactResponse.Parser.ParseFrom(answer.Body.Span);
        if (caller.IsGatewayAlone) GatewayView.Narrow(response);
        return response;
    }
}
