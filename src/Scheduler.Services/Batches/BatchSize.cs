using Google.Protobuf;
using Grpc.Core;
using Scheduler.Protocol.Border;
using Scheduler.Services.Refusals;

namespace Scheduler.Services.Batches;

/// <summary>How many items a batch may have; beyond that nothing is looked at.</summary>
public static class BatchSize
{
    /// <summary>Where the embedded server tells how long a message was. Another server does not, and every batch is measured.</summary>
    private const string ReceivedBytes = "grpc-received-bytes";

    /// <summary>A byte that is no UTF-8 is read as a character of three; nothing else that a peer may send grows as much.</summary>
    private const int GrowsAtMost = 3;

    public static void Check(string field, int count, bool mayBeEmpty = false)
    {
        if (count == 0 && !mayBeEmpty)
        {
            throw Refuse.Call(Reasons.BatchEmpty, $"{field}: one item or more.", ("field", field));
        }

        if (count > BorderLimits.BatchItems)
        {
            throw TooLarge($"{field}: {count} items; at most {BorderLimits.BatchItems}.", field, "items", BorderLimits.BatchItems, count);
        }
    }

    /// <summary>The message is measured only where what was received of it may come to more than the limit.</summary>
    public static void CheckBytes(string field, IMessage request, ServerCallContext context)
    {
        if (context.UserState.TryGetValue(ReceivedBytes, out var told) && told is int received && received <= BorderLimits.BatchBytes / GrowsAtMost) return;
        var size = request.CalculateSize();
        if (size > BorderLimits.BatchBytes)
        {
            throw TooLarge($"{field}: {size} bytes; at most {BorderLimits.BatchBytes}.", field, "bytes", BorderLimits.BatchBytes, size);
        }
    }

    private static RpcException TooLarge(string message, string field, string unit, int limit, int given) => Refuse.Call(
        Reasons.BatchTooLarge, message, ("field", field), ("unit", unit), ("limit", limit.ToString()), ("given", given.ToString()));
}
