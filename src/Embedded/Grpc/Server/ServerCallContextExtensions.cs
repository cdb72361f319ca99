using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    private const string UserStateKey = "__HttpContext";

    /// <summary>The HTTP request of a call; of a context that a test made up, what it keeps under "__HttpContext" in UserState.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        return serverCallContext switch
        {
            AspNetCore.Server.ServerCall call => call.HttpContext,
            _ when serverCallContext.UserState.TryGetValue(UserStateKey, out var kept) && kept is HttpContext http => http,
            _ => throw new InvalidOperationException("Could not get HttpContext from ServerCallContext."),
        };
    }
}
