using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>The four kinds of call, from first message read to last message written.</summary>
internal static class ServerCallKinds
{
    public static async Task RunUnaryAsync<TRequest, TResponse>(
        ServerCall call, Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        var request = await ReadOnlyMessageAsync(call, method.RequestMarshaller);
        var response = await handler(request, call);
        await WriteOnlyMessageAsync(call, method.ResponseMarshaller, response);
    }

    public static async Task RunClientStreamingAsync<TRequest, TResponse>(
        ServerCall call, Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        call.LiftRequestLimits();
        var response = await handler(new RequestStream<TRequest>(call, method.RequestMarshaller), call);
        await WriteOnlyMessageAsync(call, method.ResponseMarshaller, response);
    }

    public static async Task RunServerStreamingAsync<TRequest, TResponse>(
        ServerCall call, Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        var request = await ReadOnlyMessageAsync(call, method.RequestMarshaller);
        await handler(request, new ResponseStream<TResponse>(call, method.ResponseMarshaller), call);
    }

    public static async Task RunDuplexStreamingAsync<TRequest, TResponse>(
        ServerCall call, Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        call.LiftRequestLimits();
        await handler(
            new RequestStream<TRequest>(call, method.RequestMarshaller),
            new ResponseStream<TResponse>(call, method.ResponseMarshaller),
            call);
    }

    private static async ValueTask<TRequest> ReadOnlyMessageAsync<TRequest>(ServerCall call, Marshaller<TRequest> marshaller)
        where TRequest : class
    {
        var reader = call.CreateReader(marshaller);
        var request = await reader.ReadAsync(call.ReadCancellation)
            ?? throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
        await reader.ReadEndAsync(call.ReadCancellation);
        call.UserState[WireNames.ReceivedBytes] = reader.Parsed;
        return request;
    }

    private static Task WriteOnlyMessageAsync<TResponse>(ServerCall call, Marshaller<TResponse> marshaller, TResponse response)
        where TResponse : class =>
        response is null
            ? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."))
            : call.WriteAsync(response, marshaller, call.WriteOptions, WriteEnd.LastMessage);
}
