using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Rest;

namespace OrleansLb.Api.OpenApi;

/// <summary>
/// OpenAPI v2, empty: kubectl falls back on it for a <c>v1 List</c>, as <c>kubectl get -o yaml</c> writes it, and validates what it describes. Of kinds that it
/// lacks it makes nothing, and the server's own validation stands.
/// </summary>
internal static class OlderOpenApi
{
    public const string Path = "/openapi/v2";

    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>openapi.v2.Document: swagger (1) = "2.0", info (2) = {title (1) = "k8s", version (2) = "1"}.</summary>
    private static readonly byte[] Empty = [0x0A, 3, .. "2.0"u8, 0x12, 8, 0x0A, 3, .. "k8s"u8, 0x12, 1, .. "1"u8];

    public static Task Answer(HttpContext http)
    {
        var wantsProtobuf = http.Request.Headers.Accept.ToString().Contains("proto-openapi", StringComparison.Ordinal);
        if (wantsProtobuf) return Responses.WriteAsync(http, 200, Empty, Protobuf);
        return Responses.WriteAsync(http, 200, new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "k8s", ["version"] = "1" },
            ["paths"] = new JsonObject(),
        });
    }
}
