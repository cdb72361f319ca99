using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server;

/// <summary>Lets the catch-all routes for unknown methods see gRPC calls only, so that they hide no page of the host.</summary>
internal sealed class GrpcContentTypeConstraint : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && WireNames.IsGrpcContentType(httpContext.Request.ContentType);
}
