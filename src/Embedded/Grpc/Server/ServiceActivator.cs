using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Gives each call its service: from the call's scope where registered, else made for the call and disposed after it.</summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly Lazy<ObjectFactory<TService>> _factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    public UnaryServerMethod<TRequest, TResponse> Unary<TRequest, TResponse>(
        Func<TService, TRequest, ServerCallContext, Task<TResponse>> target)
        where TRequest : class
        where TResponse : class => (request, context) =>
        Find(context) is { } service
            ? target(service, request, context)
            : WithOwnAsync(context, own => target(own, request, context));

    public ClientStreamingServerMethod<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(
        Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> target)
        where TRequest : class
        where TResponse : class => (requests, context) =>
        Find(context) is { } service
            ? target(service, requests, context)
            : WithOwnAsync(context, own => target(own, requests, context));

    public ServerStreamingServerMethod<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(
        Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> target)
        where TRequest : class
        where TResponse : class => (request, responses, context) =>
        Find(context) is { } service
            ? target(service, request, responses, context)
            : WithOwnAsync(context, own => Done(target(own, request, responses, context)));

    public DuplexStreamingServerMethod<TRequest, TResponse> DuplexStreaming<TRequest, TResponse>(
        Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> target)
        where TRequest : class
        where TResponse : class => (requests, responses, context) =>
        Find(context) is { } service
            ? target(service, requests, responses, context)
            : WithOwnAsync(context, own => Done(target(own, requests, responses, context)));

    private static TService? Find(ServerCallContext context) => context.GetHttpContext().RequestServices.GetService<TService>();

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private async Task<TResult> WithOwnAsync<TResult>(ServerCallContext context, Func<TService, Task<TResult>> call)
    {
        var service = _factory.Value(context.GetHttpContext().RequestServices, []);
        try
        {
            return await call(service);
        }
        finally
        {
            await Disposal.DisposeAsync(service);
        }
    }
}

/// <summary>Disposes what was made for one call.</summary>
internal static class Disposal
{
    public static ValueTask DisposeAsync(object instance)
    {
        switch (instance)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }
}
