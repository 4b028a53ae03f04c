using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Rest;

namespace OrleansLb.Api.OpenApi;

/// <summary>Serves OpenAPI v3: an index of group versions, and one document for each; of v2 no more than clients need to go on.</summary>
internal static class OpenApiHandler
{
    private static readonly ConditionalWeakTable<ResourceCatalog, OpenApiDocuments> Documents = [];

    /// <summary>Null if the request is about something else.</summary>
    public static Task? Answer(HttpContext http, ResourceCatalog catalog)
    {
        if (http.Request.Method is not ("GET" or "HEAD")) return null;
        if (http.Request.Path == OlderOpenApi.Path) return OlderOpenApi.Answer(http);
        if (!http.Request.Path.StartsWithSegments("/openapi/v3", StringComparison.Ordinal, out var rest)) return null;
        var documents = Documents.GetValue(catalog, static key => new(key));
        var name = (rest.Value ?? "").Trim('/');
        return name.Length == 0 ? Responses.WriteAsync(http, 200, Index(documents)) : documents.Find(name) is { } document ? WriteAsync(http, document) : null;
    }

    private static JsonObject Index(OpenApiDocuments documents) => new()
    {
        ["paths"] = new JsonObject(documents.Names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject
        {
            ["serverRelativeURL"] = $"/openapi/v3/{name}?hash={documents.Find(name)!.Hash}",
        }))),
    };

    private static Task WriteAsync(HttpContext http, OpenApiDocument document)
    {
        http.Response.Headers.ETag = $"\"{document.Hash}\"";
        http.Response.Headers.CacheControl = "public, immutable";
        return Responses.WriteAsync(http, 200, document.Json);
    }
}
