using System.Text.Json.Nodes;

namespace OrleansLb.Api.Json;

/// <summary>Reading and editing of Kubernetes objects as JSON trees, forgiving of absent or mistyped members.</summary>
public static class JsonNodes
{
    public static JsonObject? Object(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    public static JsonArray? Array(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonArray;

    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string name) => node.Array(name)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonNode? node, string name) =>
        node.Array(name)?.Select(item => item.AsText()).OfType<string>() ?? [];

    public static string? Text(this JsonNode? node, string name) => (node as JsonObject)?[name].AsText();

    public static long? Whole(this JsonNode? node, string name) => (node as JsonObject)?[name].AsWhole();

    public static bool? Flag(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? AsWhole(this JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<double>(out var real) && double.IsInteger(real) && Math.Abs(real) < 9e15 ? (long)real
        : null;

    public static double? AsReal(this JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<double>(out var real) ? real
        : value.AsWhole();

    /// <summary>The object under this name, put there if it was absent or of another type.</summary>
    public static JsonObject Ensure(this JsonObject node, string name)
    {
        if (node[name] is JsonObject found) return found;
        var made = new JsonObject();
        node[name] = made;
        return made;
    }

    public static JsonObject Metadata(this JsonObject node) => node.Ensure("metadata");

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    /// <summary>Puts a copy of the value there, or takes the member away when there is none.</summary>
    public static void SetOrRemove(this JsonObject node, string name, JsonNode? value)
    {
        if (value is null) node.Remove(name);
        else node[name] = value.Parent is null ? value : value.DeepClone();
    }

    public static void SetDefault(this JsonObject node, string name, JsonNode value)
    {
        if (node[name] is null) node[name] = value;
    }

    /// <summary>The Go-like name of a value's JSON type, as validation messages use it.</summary>
    public static string TypeName(this JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        JsonValue value when value.TryGetValue<bool>(out _) => "boolean",
        JsonValue value when value.TryGetValue<string>(out _) => "string",
        JsonValue value when value.AsWhole() is not null => "integer",
        _ => "number",
    };
}
