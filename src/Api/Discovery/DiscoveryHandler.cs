using Microsoft.AspNetCore.Http;
using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Rest;

namespace OrleansLb.Api.Discovery;

/// <summary>Answers what is served here: versions, groups and resources, in the aggregated form and in the older one.</summary>
internal static class DiscoveryHandler
{
    private const string AggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <summary>Null if the request is about something else.</summary>
    public static Task? Answer(HttpContext http, ResourceCatalog catalog)
    {
        if (http.Request.Method is not ("GET" or "HEAD")) return null;
        var parts = (http.Request.Path.Value ?? "").Trim('/').Split('/');
        return parts switch
        {
            ["version"] => Responses.WriteAsync(http, 200, ServerVersion.ToJson()),
            ["healthz" or "readyz" or "livez", ..] => Responses.WriteAsync(http, 200, "ok"u8.ToArray(), "text/plain; charset=utf-8"),
            ["api"] when WantsAggregated(http) => Aggregated(http, AggregatedDiscovery.Core(catalog)),
            ["api"] => Responses.WriteAsync(http, 200, LegacyDiscovery.Versions()),
            ["apis"] when WantsAggregated(http) => Aggregated(http, AggregatedDiscovery.Groups(catalog)),
            ["apis"] => Responses.WriteAsync(http, 200, LegacyDiscovery.Groups(catalog)),
            ["apis", var group] => WriteOrNull(http, LegacyDiscovery.Group(catalog, group)),
            ["api", var version] => WriteOrNull(http, LegacyDiscovery.Resources(catalog, "", version)),
            ["apis", var group, var version] => WriteOrNull(http, LegacyDiscovery.Resources(catalog, group, version)),
            _ => null,
        };
    }

    private static bool WantsAggregated(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Replace(" ", "", StringComparison.Ordinal).Contains("v=v2;as=APIGroupDiscoveryList", StringComparison.Ordinal);

    private static Task Aggregated(HttpContext http, JsonObject body) =>
        Responses.WriteAsync(http, 200, Json.JsonText.ToBytes(body), AggregatedType);

    private static Task? WriteOrNull(HttpContext http, JsonObject? body) => body is null ? null : Responses.WriteAsync(http, 200, body);
}
