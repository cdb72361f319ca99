using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps a service to one endpoint for each of its methods.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    private const string MethodParameter = "unimplementedMethod";

    [SuppressMessage("Design", "CA1004", Justification = "The reproduced surface names the service by type argument.")]
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var server = builder.ServiceProvider.GetService<GrpcServer>()
            ?? throw new InvalidOperationException("Unable to find the required services. Call IServiceCollection.AddGrpc() first.");
        var methods = ServiceMethods<TService>.Discover(server);
        var endpoints = methods.Select(method => Map(builder, server, method)).ToList();
        foreach (var service in methods.Select(method => method.Description.ServiceName).Distinct(StringComparer.Ordinal))
        {
            var pattern = RoutePatternFactory.Parse($"{service}/{{{MethodParameter}}}", null, OnlyGrpc(MethodParameter));
            endpoints.Add(MapUnimplemented(builder, server, pattern, "Method is unimplemented."));
        }

        MapUnknownServices(builder, server);
        return new GrpcServiceEndpointConventionBuilder(endpoints);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder builder, GrpcServer server, ServiceMethod method)
    {
        var description = method.Description;
        return builder
            .MapMethods(description.FullName, [HttpMethods.Post], http => ServerCallRunner.RunAsync(http, server, method))
            .WithDisplayName($"gRPC - {description.FullName}")
            .WithMetadata([.. method.EndpointMetadata]);
    }

    private static void MapUnknownServices(IEndpointRouteBuilder builder, GrpcServer server)
    {
        const string ServiceParameter = "unimplementedService";
        if (server.HasUnknownServiceRoute)
        {
            return;
        }

        server.HasUnknownServiceRoute = true;
        var pattern = RoutePatternFactory.Parse($"{{{ServiceParameter}}}/{{{MethodParameter}}}", null, OnlyGrpc(ServiceParameter));
        MapUnimplemented(builder, server, pattern, "Service is unimplemented.");
    }

    private static IEndpointConventionBuilder MapUnimplemented(
        IEndpointRouteBuilder builder, GrpcServer server, RoutePattern pattern, string detail) =>
        builder
            .Map(pattern, http => ServerCallRunner.RefuseAsync(http, server, new Status(StatusCode.Unimplemented, detail)))
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Post]))
            .WithDisplayName($"gRPC - {detail}");

    private static RouteValueDictionary OnlyGrpc(string parameter) => new() { [parameter] = new GrpcContentTypeConstraint() };
}
