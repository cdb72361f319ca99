namespace Grpc.Core;

/// <summary>A service bound to an instance. Generated code makes one; the server binds by type instead and never reads it.</summary>
public class ServerServiceDefinition
{
    private ServerServiceDefinition()
    {
    }

    public static Builder CreateBuilder() => new();

    /// <summary>Collects the methods of one service and refuses a name given twice.</summary>
    public class Builder
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => AddName(method);

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => AddName(method);

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => AddName(method);

        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => AddName(method);

        public ServerServiceDefinition Build() => new();

        private Builder AddName(IMethod method) =>
            _names.Add(method.FullName) ? this : throw new ArgumentException($"Method {method.FullName} is given twice.", nameof(method));
    }
}
