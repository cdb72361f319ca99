using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Builds, once per method, the chain of interceptors around a handler; the first added is called first.</summary>
internal static class ServerPipeline
{
    public static UnaryServerMethod<TRequest, TResponse> Unary<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => interceptors.Reverse().Aggregate(
            handler,
            (next, registration) => (request, context) =>
                WithInterceptorAsync(registration, context, it => it.UnaryServerHandler(request, context, next)));

    public static ClientStreamingServerMethod<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => interceptors.Reverse().Aggregate(
            handler,
            (next, registration) => (requests, context) =>
                WithInterceptorAsync(registration, context, it => it.ClientStreamingServerHandler(requests, context, next)));

    public static ServerStreamingServerMethod<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => interceptors.Reverse().Aggregate(
            handler,
            (next, registration) => (request, responses, context) =>
                WithInterceptorAsync(registration, context, async it =>
                {
                    await it.ServerStreamingServerHandler(request, responses, context, next);
                    return true;
                }));

    public static DuplexStreamingServerMethod<TRequest, TResponse> DuplexStreaming<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => interceptors.Reverse().Aggregate(
            handler,
            (next, registration) => (requests, responses, context) =>
                WithInterceptorAsync(registration, context, async it =>
                {
                    await it.DuplexStreamingServerHandler(requests, responses, context, next);
                    return true;
                }));

    private static async Task<TResult> WithInterceptorAsync<TResult>(
        InterceptorRegistration registration, ServerCallContext context, Func<Interceptor, Task<TResult>> call)
    {
        var services = context.GetHttpContext().RequestServices;
        if (registration.Arguments.Count == 0 && services.GetService(registration.Type) is Interceptor registered)
        {
            return await call(registered);
        }

        var own = (Interceptor)ActivatorUtilities.CreateInstance(services, registration.Type, registration.ArgumentArray);
        try
        {
            return await call(own);
        }
        finally
        {
            await Disposal.DisposeAsync(own);
        }
    }
}
