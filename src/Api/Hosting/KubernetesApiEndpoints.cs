using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Api.Rest;

namespace OrleansLb.Api.Hosting;

/// <summary>Puts the Kubernetes API into a web application.</summary>
public static class KubernetesApiEndpoints
{
    private static readonly string[] Paths = ["/api/{**path}", "/apis/{**path}", "/openapi/{**path}", "/version"];

    /// <summary>The API's own paths, leaving the others (<c>/metrics</c>, <c>/healthz</c>, pages) to the application.</summary>
    public static IEndpointRouteBuilder MapKubernetesApi(this IEndpointRouteBuilder routes, KubernetesApi api)
    {
        foreach (var path in Paths) routes.Map(path, api.HandleAsync);
        return routes;
    }

    /// <summary>Everything that no other endpoint takes, health and all.</summary>
    public static IEndpointRouteBuilder MapKubernetesApiToAll(this IEndpointRouteBuilder routes, KubernetesApi api)
    {
        routes.MapFallback("{**path}", api.HandleAsync);
        return routes;
    }
}
