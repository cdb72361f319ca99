using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The statuses that a message earns when it cannot be framed.</summary>
internal static class MessageFaults
{
    public static RpcException ReceivedTooLarge() => Exhausted("Received message exceeds the maximum configured message size.");

    public static RpcException SentTooLarge() => Exhausted("Sending message exceeds the maximum configured message size.");

    public static RpcException Internal(string detail, Exception? exception = null) => new(new Status(StatusCode.Internal, detail, exception));

    private static RpcException Exhausted(string detail) => new(new Status(StatusCode.ResourceExhausted, detail));
}
