using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>An object reduced to its metadata, for clients that only index.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(JsonObject tree) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = tree["metadata"]?.DeepClone(),
    };

    public static JsonObject ListOf(IEnumerable<JsonObject> trees, JsonObject listMetadata) => new()
    {
        ["kind"] = "PartialObjectMetadataList",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = listMetadata,
        ["items"] = new JsonArray([.. trees.Select(Of)]),
    };
}
