using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Services.Refusals;

/// <summary>Writes refusals down: a <c>google.rpc.Status</c> with exactly one ErrorInfo, for an item of a batch or for a whole call.</summary>
public static class Refuse
{
    public const string DetailsKey = "grpc-status-details-bin";

    /// <summary>Field violations that fit into the trailers of a call; a batch's items list more.</summary>
    private const int ViolationsInTrailers = 16;

    /// <summary>After which a caller may try again what failed for the moment.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="metadata">Every dynamic part of the message.</param>
    public static Google.Rpc.Status Item(string reason, string message, params ReadOnlySpan<(string Name, string Value)> metadata)
    {
        var code = ReasonTable.CodeOf(reason);
        var cause = new ErrorInfo { Reason = reason, Domain = Reasons.Domain };
        foreach (var (name, value) in metadata) cause.Metadata[name] = value;
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        status.Details.Add(Any.Pack(cause));
        if (code is StatusCode.Unavailable or StatusCode.ResourceExhausted)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }));
        }

        return status;
    }

    /// <summary>Bad input of one item: all violations, with their paths inside the item.</summary>
    public static Google.Rpc.Status Item(FieldViolations violations) => Fields(violations.Listed, violations.Count);

    public static Google.Rpc.Status Item(Fault fault)
    {
        if (fault.Field.Length == 0) return Item(fault.Reason, fault.Detail);
        var status = Item(fault.Reason, fault.Detail, ("field", fault.Field));
        if (ReasonTable.CodeOf(fault.Reason) == StatusCode.InvalidArgument)
        {
            var request = new BadRequest();
            request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Detail, Reason = fault.Reason });
            status.Details.Add(Any.Pack(request));
        }

        return status;
    }

    public static RpcException Call(string reason, string message, params ReadOnlySpan<(string Name, string Value)> metadata) =>
        Call(Item(reason, message, metadata));

    /// <summary>A limit was reached that the caller can wait for or stay below.</summary>
    public static RpcException Quota(string reason, string message, string subject, string description)
    {
        var status = Item(reason, message, ("limit", subject));
        var quota = new QuotaFailure();
        quota.Violations.Add(new QuotaFailure.Types.Violation { Subject = subject, Description = description });
        status.Details.Add(Any.Pack(quota));
        return Call(status);
    }

    /// <summary>Bad input of the request itself: nothing was looked at.</summary>
    public static RpcException Call(FieldViolations violations) =>
        Call(Fields([.. violations.Listed.Take(ViolationsInTrailers)], violations.Count));

    public static void ThrowIfAny(FieldViolations violations)
    {
        if (violations.Any) throw Call(violations);
    }

    private static Google.Rpc.Status Fields(IReadOnlyList<FieldViolation> listed, int count)
    {
        var first = listed[0];
        var message = count == 1 ? $"{first.Field}: {first.Description}" : $"{first.Field}: {first.Description}; and {count - 1} more";
        var status = Item(Reasons.FieldInvalid, message, ("field", first.Field), ("violations", count.ToString()));
        var request = new BadRequest();
        foreach (var violation in listed)
        {
            request.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = violation.Field,
                Description = violation.Description,
                Reason = violation.Reason,
            });
        }

        status.Details.Add(Any.Pack(request));
        return status;
    }

    private static RpcException Call(Google.Rpc.Status status)
    {
        var trailers = new Metadata { { DetailsKey, status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status((StatusCode)status.Code, status.Message), trailers);
    }
}
