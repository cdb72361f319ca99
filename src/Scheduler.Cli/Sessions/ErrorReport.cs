using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Scheduler.Cli.Sessions;

/// <summary>An error of the service in the words of its details: reason, message, field violations, when to try again.</summary>
internal static class ErrorReport
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static void Write(TextWriter error, RpcException failure)
    {
        var status = Details(failure);
        var reason = status is null ? null : Reason(status);
        error.WriteLine($"error: {failure.StatusCode}{(reason is null ? "" : $" {reason}")}: {failure.Status.Detail}");
        if (status is not null) WriteDetails(error, status);
    }

    /// <summary>The status of one item of a batch.</summary>
    public static void Write(TextWriter error, Google.Rpc.Status status)
    {
        error.WriteLine($"error: {Reason(status) ?? $"code {status.Code}"}: {status.Message}");
        WriteDetails(error, status);
    }

    public static Google.Rpc.Status? Details(RpcException failure)
    {
        if (failure.Trailers.GetValueBytes(DetailsTrailer) is not { } bytes) return null;
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static string? Reason(Google.Rpc.Status status) => Find(status, ErrorInfo.Parser, ErrorInfo.Descriptor)?.Reason;

    private static void WriteDetails(TextWriter error, Google.Rpc.Status status)
    {
        foreach (var violation in Find(status, BadRequest.Parser, BadRequest.Descriptor)?.FieldViolations ?? [])
            error.WriteLine($"  {violation.Field}: {violation.Description}");
        if (Find(status, RetryInfo.Parser, RetryInfo.Descriptor)?.RetryDelay is { } delay)
            error.WriteLine($"  try again in {delay.ToTimeSpan().TotalSeconds:0.#} s");
    }

    private static T? Find<T>(Google.Rpc.Status status, MessageParser<T> parser, Google.Protobuf.Reflection.MessageDescriptor descriptor)
        where T : class, IMessage<T> =>
        status.Details.FirstOrDefault(detail => detail.Is(descriptor)) is { } found ? parser.ParseFrom(found.Value) : null;
}
