using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.OpenApi;

/// <summary>The paths of one kind with the operations on them.</summary>
internal static class OpenApiPaths
{
    private static readonly string[] Queries = ["dryRun", "fieldManager", "fieldValidation"];

    private static readonly string[] PatchTypes =
        ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];

    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(ResourceType type)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.ApiVersion}";
        var collection = type.Namespaced ? $"{root}/namespaces/{{namespace}}/{type.Resource.Name}" : $"{root}/{type.Resource.Name}";
        if (type.Namespaced) yield return Path($"{root}/{type.Resource.Name}", type, ("get", "list"));
        yield return Path(collection, type, ("get", "list"), ("post", "post"), ("delete", "deletecollection"));
        yield return Path($"{collection}/{{name}}", type, ("get", "get"), ("put", "put"), ("patch", "patch"), ("delete", "delete"));
        if (type.HasStatus) yield return Path($"{collection}/{{name}}/status", type, ("get", "get"), ("put", "put"), ("patch", "patch"));
    }

    private static KeyValuePair<string, JsonNode?> Path(string path, ResourceType type, params (string Method, string Action)[] operations)
    {
        var item = new JsonObject { ["parameters"] = new JsonArray([.. Placeholders(path)]) };
        foreach (var (method, action) in operations) item[method] = Operation(type, method, action);
        return new(path, item);
    }

    private static IEnumerable<JsonNode> Placeholders(string path) =>
        ((string[])["namespace", "name"]).Where(name => path.Contains($"{{{name}}}", StringComparison.Ordinal))
            .Select(name => Parameter(name, "path", required: true));

    private static JsonObject Operation(ResourceType type, string method, string action)
    {
        var operation = new JsonObject
        {
            ["operationId"] = $"{action}{type.Kind}",
            ["responses"] = new JsonObject { ["200"] = Response(action == "list" ? OpenApiWriter.SchemaName(type) + "List" : OpenApiWriter.SchemaName(type)) },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = OpenApiWriter.GroupVersionKind(type, type.Kind),
        };
        if (method is "post" or "put" or "patch")
        {
            operation["parameters"] = new JsonArray([.. Queries.Select(name => Parameter(name, "query", required: false))]);
            operation["requestBody"] = new JsonObject { ["content"] = Content(type, method) };
        }
        return operation;
    }

    private static JsonObject Content(ResourceType type, string method) => method == "patch"
        ? new(PatchTypes.Where(media => !type.Custom || !media.Contains("strategic", StringComparison.Ordinal))
            .Select(media => KeyValuePair.Create(media, (JsonNode?)new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } })))
        : new() { ["application/json"] = new JsonObject { ["schema"] = OpenApiWriter.Reference(OpenApiWriter.SchemaName(type)) } };

    private static JsonObject Response(string schema) => new()
    {
        ["description"] = "OK",
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = OpenApiWriter.Reference(schema) } },
    };

    private static JsonObject Parameter(string name, string place, bool required) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = required,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
