using System.Collections.Frozen;
using Grpc.Core;

namespace Scheduler.Services.Refusals;

/// <summary>Reasons of this border. Those of decisions stand in Domain; <see cref="ReasonTable"/> gives each its status.</summary>
public static class Reasons
{
    public const string Domain = "scheduler";

    public const string CredentialMissing = "CREDENTIAL_MISSING";
    public const string CredentialUnknown = "CREDENTIAL_UNKNOWN";
    public const string RoleNotAllowed = "ROLE_NOT_ALLOWED";
    public const string TenantNotAllowed = "TENANT_NOT_ALLOWED";
    public const string GatewayNotAllowed = "GATEWAY_NOT_ALLOWED";
    public const string FieldInvalid = "FIELD_INVALID";
    public const string BatchEmpty = "BATCH_EMPTY";
    public const string BatchTooLarge = "BATCH_TOO_LARGE";
    public const string PageTokenInvalid = "PAGE_TOKEN_INVALID";
    public const string DebtorNotFound = "DEBTOR_NOT_FOUND";
    public const string AccountNotFound = "ACCOUNT_NOT_FOUND";
    public const string AddressNotFound = "ADDRESS_NOT_FOUND";
    public const string AddressShared = "ADDRESS_SHARED_TOO_WIDELY";
    public const string DispatchNotFound = "DISPATCH_NOT_FOUND";
    public const string PackNotFound = "PACK_NOT_FOUND";
    public const string EtagMismatch = "ETAG_MISMATCH";
    public const string KeyReused = "IDEMPOTENCY_KEY_REUSED";
    public const string PackInvalid = "PACK_INVALID";
    public const string NothingToRevert = "NOTHING_TO_REVERT";
    public const string ClosedDateLimit = "CLOSED_DATE_LIMIT";
    public const string PauseNotFound = "PAUSE_NOT_FOUND";
    public const string PauseLimit = "PAUSE_LIMIT";
    public const string PacingLimit = "PACING_LIMIT";
    public const string ServiceNotFound = "SERVICE_NOT_FOUND";
    public const string StorageUnavailable = "STORAGE_UNAVAILABLE";
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";
    public const string Draining = "DRAINING";
    public const string BacklogFull = "BACKLOG_FULL";
    public const string Internal = "INTERNAL";
}

/// <summary>The one table from reasons to gRPC status codes. A reason that is not in it is a mistake of ours: INTERNAL.</summary>
public static class ReasonTable
{
    private static readonly FrozenDictionary<string, StatusCode> Codes = new Dictionary<string, StatusCode>(StringComparer.Ordinal)
    {
        [Reasons.CredentialMissing] = StatusCode.Unauthenticated,
        [Reasons.CredentialUnknown] = StatusCode.Unauthenticated,
        [Reasons.RoleNotAllowed] = StatusCode.PermissionDenied,
        [Reasons.TenantNotAllowed] = StatusCode.PermissionDenied,
        [Reasons.GatewayNotAllowed] = StatusCode.PermissionDenied,
        [Reasons.FieldInvalid] = StatusCode.InvalidArgument,
        [Reasons.BatchEmpty] = StatusCode.InvalidArgument,
        [Reasons.BatchTooLarge] = StatusCode.InvalidArgument,
        [Reasons.PageTokenInvalid] = StatusCode.InvalidArgument,
        [Reasons.KeyReused] = StatusCode.InvalidArgument,
        ["INVALID_VALUE"] = StatusCode.InvalidArgument,
        ["OCCURS_IN_FUTURE"] = StatusCode.InvalidArgument,
        [Reasons.DebtorNotFound] = StatusCode.NotFound,
        [Reasons.AccountNotFound] = StatusCode.NotFound,
        [Reasons.AddressNotFound] = StatusCode.NotFound,
        [Reasons.DispatchNotFound] = StatusCode.NotFound,
        [Reasons.PackNotFound] = StatusCode.NotFound,
        [Reasons.PauseNotFound] = StatusCode.NotFound,
        [Reasons.PauseLimit] = StatusCode.FailedPrecondition,
        [Reasons.PacingLimit] = StatusCode.FailedPrecondition,
        ["PAUSED"] = StatusCode.FailedPrecondition,
        [Reasons.ServiceNotFound] = StatusCode.NotFound,
        ["UNKNOWN_ACCOUNT"] = StatusCode.NotFound,
        ["UNKNOWN_POINT"] = StatusCode.NotFound,
        ["UNKNOWN_HOLD"] = StatusCode.NotFound,
        ["UNKNOWN_PROMISE"] = StatusCode.NotFound,
        ["LEASE_REVOKED"] = StatusCode.FailedPrecondition,
        ["LEASE_LAPSED"] = StatusCode.FailedPrecondition,
        ["LEASE_LIMIT"] = StatusCode.FailedPrecondition,
        ["LEASE_CONFIRMED"] = StatusCode.FailedPrecondition,
        ["ALREADY_LEASED"] = StatusCode.FailedPrecondition,
        ["NOTHING_DUE"] = StatusCode.FailedPrecondition,
        ["NOT_PERMITTED"] = StatusCode.FailedPrecondition,
        ["LIMIT_REACHED"] = StatusCode.FailedPrecondition,
        ["NOT_UNRESOLVED"] = StatusCode.FailedPrecondition,
        ["NOT_QUARANTINED"] = StatusCode.FailedPrecondition,
        ["DEBTOR_UNREADABLE"] = StatusCode.FailedPrecondition,
        ["SAID_PLACED"] = StatusCode.FailedPrecondition,
        ["ALREADY_MERGED"] = StatusCode.FailedPrecondition,
        ["DEBTOR_EXISTS"] = StatusCode.AlreadyExists,
        ["DEBTOR_MERGING"] = StatusCode.Unavailable,
        ["DEBTOR_SPLITTING"] = StatusCode.Unavailable,
        [Reasons.AddressShared] = StatusCode.FailedPrecondition,
        ["DEBTOR_ERASED"] = StatusCode.FailedPrecondition,
        ["ROW_REFUSED"] = StatusCode.FailedPrecondition,
        [Reasons.PackInvalid] = StatusCode.FailedPrecondition,
        [Reasons.NothingToRevert] = StatusCode.FailedPrecondition,
        [Reasons.ClosedDateLimit] = StatusCode.FailedPrecondition,
        [Reasons.EtagMismatch] = StatusCode.Aborted,
        ["STALE_TOKEN"] = StatusCode.Aborted,
        [Reasons.BacklogFull] = StatusCode.ResourceExhausted,
        [Reasons.StorageUnavailable] = StatusCode.Unavailable,
        [Reasons.OutcomeUnknown] = StatusCode.Unavailable,
        [Reasons.Draining] = StatusCode.Unavailable,
        ["LEASING_CLOSED"] = StatusCode.Unavailable,
        [Reasons.Internal] = StatusCode.Internal,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> All => Codes.Keys;

    public static StatusCode CodeOf(string reason) => Codes.GetValueOrDefault(reason, StatusCode.Internal);
}
