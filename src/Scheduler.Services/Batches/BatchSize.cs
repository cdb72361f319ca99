using Google.Protobuf;
using Grpc.Core;
using Scheduler.Protocol.Border;
using Scheduler.Services.Refusals;

namespace Scheduler.Services.Batches;

/// <summary>How many items a batch may have; beyond that nothing is looked at.</summary>
public static class BatchSize
{
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

    public static void CheckBytes(string field, IMessage request)
    {
        var size = request.CalculateSize();
        if (size > BorderLimits.BatchBytes)
        {
            throw TooLarge($"{field}: {size} bytes; at most {BorderLimits.BatchBytes}.", field, "bytes", BorderLimits.BatchBytes, size);
        }
    }

    private static RpcException TooLarge(string message, string field, string unit, int limit, int given) => Refuse.Call(
        Reasons.BatchTooLarge, message, ("field", field), ("unit", unit), ("limit", limit.ToString()), ("given", given.ToString()));
}
