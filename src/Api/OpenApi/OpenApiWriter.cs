using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.OpenApi;

/// <summary>Writes the OpenAPI v3 document of one group version: what kubectl validates, explains and merges by.</summary>
internal static class OpenApiWriter
{
    private const string MetaPrefix = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    public static JsonObject Write(IReadOnlyList<ResourceType> types) => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = new JsonObject { ["title"] = "OrleansLb", ["version"] = "v1.32.0" },
        ["paths"] = new JsonObject(types.SelectMany(OpenApiPaths.Of)),
        ["components"] = new JsonObject
        {
            ["schemas"] = new JsonObject(
            [
                .. types.Select(type => KeyValuePair.Create(SchemaName(type), (JsonNode?)type.Schema.Source.Copy())),
                .. types.Select(type => KeyValuePair.Create(SchemaName(type) + "List", (JsonNode?)ListSchema(type))),
                KeyValuePair.Create(MetaPrefix + "ObjectMeta", (JsonNode?)RootSchema.ObjectMeta.Source.Copy()),
                KeyValuePair.Create(MetaPrefix + "ListMeta", (JsonNode?)ListMeta()),
            ]),
        },
    };

    /// <summary>Group reversed, version, kind: <c>io.orleanslb.v1alpha1.AddressPool</c>.</summary>
    public static string SchemaName(ResourceType type) =>
        $"{(type.Group.Length == 0 ? "io.k8s.api.core" : string.Join('.', type.Group.Split('.').Reverse()))}.{type.Version}.{type.Kind}";

    public static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    public static JsonObject GroupVersionKind(ResourceType type, string kind) => new() { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = kind };

    private static JsonObject ListSchema(ResourceType type) => new()
    {
        ["type"] = "object",
        ["description"] = $"A list of {type.Kind} objects.",
        ["required"] = new JsonArray("items"),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string" },
            ["kind"] = new JsonObject { ["type"] = "string" },
            ["metadata"] = Reference(MetaPrefix + "ListMeta"),
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(SchemaName(type)) },
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(type, type.ListKind)),
    };

    private static JsonObject ListMeta() => new()
    {
        ["type"] = "object",
        ["description"] = "Data about a list.",
        ["properties"] = new JsonObject(((string[])["continue", "resourceVersion", "selfLink"])
            .Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = "string" }))),
    };
}
