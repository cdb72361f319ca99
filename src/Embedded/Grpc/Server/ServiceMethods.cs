using System.Reflection;
using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>One remote method, bound to a service type: how to run a call of it and what its endpoint carries.</summary>
internal sealed record ServiceMethod(IMethod Description, Func<ServerCall, Task> RunAsync, IReadOnlyList<object> EndpointMetadata);

/// <summary>Lists the methods of a service by calling the bind method that the generated base is marked with.</summary>
internal sealed class ServiceMethods<TService> : ServiceBinderBase
    where TService : class
{
    private readonly GrpcServer _server;
    private readonly ServiceActivator<TService> _activator = new();
    private readonly List<ServiceMethod> _methods = [];

    private ServiceMethods(GrpcServer server) => _server = server;

    public static IReadOnlyList<ServiceMethod> Discover(GrpcServer server)
    {
        BindServiceMethodAttribute? binding = null;
        for (var type = typeof(TService); type is not null && binding is null; type = type.BaseType)
        {
            binding = type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false);
        }

        var bind = binding?.BindType
            .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .SingleOrDefault(method => method.Name == binding.BindMethodName
                && method.GetParameters() is [var binder, _] && binder.ParameterType == typeof(ServiceBinderBase));
        if (bind is null)
        {
            throw new InvalidOperationException($"Cannot locate the gRPC bind method of {typeof(TService).Name}: derive it from a generated base.");
        }

        var methods = new ServiceMethods<TService>(server);
        bind.Invoke(null, [methods, null]);
        return methods._methods;
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var target = Target<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, typeof(TRequest), typeof(ServerCallContext));
        var pipeline = ServerPipeline.Unary(_server.Interceptors, _activator.Unary(target));
        Add(method, target.Method, call => ServerCallKinds.RunUnaryAsync(call, method, pipeline));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Target<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var pipeline = ServerPipeline.ClientStreaming(_server.Interceptors, _activator.ClientStreaming(target));
        Add(method, target.Method, call => ServerCallKinds.RunClientStreamingAsync(call, method, pipeline));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Target<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var pipeline = ServerPipeline.ServerStreaming(_server.Interceptors, _activator.ServerStreaming(target));
        Add(method, target.Method, call => ServerCallKinds.RunServerStreamingAsync(call, method, pipeline));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = Target<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var pipeline = ServerPipeline.DuplexStreaming(_server.Interceptors, _activator.DuplexStreaming(target));
        Add(method, target.Method, call => ServerCallKinds.RunDuplexStreamingAsync(call, method, pipeline));
    }

    private static TDelegate Target<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        var found = typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService).Name} has no method for {method.FullName}.");
        return found.CreateDelegate<TDelegate>();
    }

    private void Add(IMethod method, MethodInfo target, Func<ServerCall, Task> runAsync) =>
        _methods.Add(new ServiceMethod(
            method,
            runAsync,
            [.. typeof(TService).GetCustomAttributes(inherit: true), .. target.GetCustomAttributes(inherit: true)]));
}
