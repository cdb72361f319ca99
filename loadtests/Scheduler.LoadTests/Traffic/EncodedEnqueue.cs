using System.Buffers;
using Grpc.Core;
using Scheduler.Protocol.Wire;
using Scheduler.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>EnqueueAccounts for a request that is encoded already: it goes out as it is, also when it has to be repeated.</summary>
internal static class EncodedEnqueue
{
    private static readonly Method<WireWriter, EnqueueAccountsResponse> Method = new(
        MethodType.Unary,
        IngestService.Descriptor.FullName,
        IngestService.Descriptor.FindMethodByName("EnqueueAccounts").Name,
        Marshallers.Create<WireWriter>(Send, static _ => throw new NotSupportedException("Requests are not read here.")),
        Marshallers.Create(
            static (_, _) => throw new NotSupportedException("Answers are not written here."),
            static context => EnqueueAccountsResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    public static Task<EnqueueAccountsResponse> CallAsync(CallInvoker invoker, WireWriter request) =>
        invoker.AsyncUnaryCall(Method, host: null, default, request).ResponseAsync;

    private static void Send(WireWriter request, SerializationContext context)
    {
        context.SetPayloadLength(request.Written.Length);
        context.GetBufferWriter().Write(request.Written);
        context.Complete();
    }
}
