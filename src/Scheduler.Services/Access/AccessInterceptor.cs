using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Scheduler.Protocol.Border;
using Scheduler.Services.Refusals;

namespace Scheduler.Services.Access;

/// <summary>Before anything else: who calls, in which role, for which tenants, in whose name.</summary>
public sealed class AccessInterceptor(CredentialBook credentials) : Interceptor
{
    private const string Scheme = "Bearer ";
    private static readonly object UserStateKey = new();

    /// <summary>The caller of a call that passed.</summary>
    public static Credential Caller(ServerCallContext context) =>
        context.UserState.TryGetValue(UserStateKey, out var caller) && caller is Credential credential
            ? credential
            : throw Refuse.Call(Reasons.CredentialMissing, "No credential.");

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (Admit(context) is { } caller) Check(caller, request);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (Admit(context) is { } caller) Check(caller, request);
        return continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, responseStream, context);
    }

    /// <summary>Credential and role; null for a method that is open to all.</summary>
    private Credential? Admit(ServerCallContext context)
    {
        if (AccessRules.IsOpen(context.Method)) return null;
        var header = context.RequestHeaders.GetValue("authorization");
        if (string.IsNullOrEmpty(header)) throw Refuse.Call(Reasons.CredentialMissing, "The call carries no credential: authorization: Bearer TOKEN.");
        var caller = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? credentials.Find(header.AsSpan(Scheme.Length).Trim(), IsLoopback(context))
            : null;
        if (caller is null) throw Refuse.Call(Reasons.CredentialUnknown, "The credential is not known here.");
        var allowed = AccessRules.RolesOf(context.Method);
        if ((caller.Roles & allowed) == 0)
        {
            throw Refuse.Call(
                Reasons.RoleNotAllowed, "The credential's roles do not cover this method.", ("method", context.Method), ("roles", caller.Roles.ToString()));
        }

        context.UserState[UserStateKey] = caller;
        return caller;
    }

    private static void Check(Credential caller, object request)
    {
        var violations = new FieldViolations();
        if (AccessRules.TenantOf(request) is { } tenant)
        {
            violations.Id("tenant_id", tenant);
            if (!violations.Any) Cover(caller, tenant);
        }

        if (AccessRules.PolicyTenantOf(request) is { } whose)
        {
            // Empty is everybody: only for a credential that covers everybody.
            if (whose.Length == 0 && !caller.CoversAll) throw Refuse.Call(Reasons.TenantNotAllowed, "The credential does not cover every tenant.", ("tenant_id", ""));
            if (whose.Length > 0 && FieldReader.IsId(violations.Id("tenant_id", whose))) Cover(caller, whose);
        }

        var tenants = AccessRules.TenantsOf(request);
        if (violations.AtMost("tenant_ids", tenants.Count, BorderLimits.Tenants))
        {
            for (var i = 0; i < tenants.Count; i++)
            {
                if (FieldReader.IsId(violations.Id("tenant_ids", tenants[i], i))) Cover(caller, tenants[i]);
            }
        }

        if (AccessRules.GatewayOf(request) is { } gateway)
        {
            if (FieldReader.IsId(violations.Id(AccessRules.GatewayField(request), gateway)) && !caller.SpeaksFor(gateway))
            {
                throw Refuse.Call(Reasons.GatewayNotAllowed, "The credential is another gateway's.", ("gateway_id", gateway));
            }
        }

        Refuse.ThrowIfAny(violations);
    }

    private static void Cover(Credential caller, string tenant)
    {
        if (!caller.Covers(tenant)) throw Refuse.Call(Reasons.TenantNotAllowed, "The credential does not cover this tenant.", ("tenant_id", tenant));
    }

    /// <summary>Both ends: a proxy on this machine that listens elsewhere is still a way in, but not one that configuration can see.</summary>
    private static bool IsLoopback(ServerCallContext context)
    {
        var connection = context.GetHttpContext().Connection;
        return connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
            && connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);
    }
}
