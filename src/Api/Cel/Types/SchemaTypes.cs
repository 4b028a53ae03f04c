using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Types;

/// <summary>The CEL type of a structural schema. What has no known structure is not visible to expressions and has none.</summary>
internal static class SchemaTypes
{
    public static CelType? Of(JsonObject schema, bool isResource = false)
    {
        if (Flag(schema, "x-kubernetes-int-or-string")) return Nullable(CelType.IntOrString, schema);
        var type = Text(schema, "type") switch
        {
            "array" => OfArray(schema),
            "object" => OfObject(schema, isResource || Flag(schema, "x-kubernetes-embedded-resource")),
            "string" => OfString(Text(schema, "format")),
            "boolean" => CelType.Bool,
            "number" => CelType.Real,
            "integer" => CelType.Int,
            _ => null,
        };
        return type is null ? null : Nullable(type, schema);
    }

    private static CelType Nullable(CelType type, JsonObject schema) => Flag(schema, "nullable") ? type.AsNullable() : type;

    private static CelType OfString(string? format) => format switch
    {
        "byte" => CelType.Bytes,
        "duration" => CelType.Duration,
        "date" or "date-time" => CelType.Timestamp,
        _ => CelType.Text,
    };

    private static CelType? OfArray(JsonObject schema) =>
        schema["items"] is JsonObject items && Of(items) is { } element ? CelType.ListOf(element, IdentityOf(schema)) : null;

    private static ListIdentity IdentityOf(JsonObject schema) => Text(schema, "x-kubernetes-list-type") switch
    {
        "set" => ListIdentity.Value,
        "map" => new(false, [.. KeysOf(schema)]),
        _ => ListIdentity.Position,
    };

    private static IEnumerable<string> KeysOf(JsonObject schema) =>
        (schema["x-kubernetes-list-map-keys"] as JsonArray ?? []).OfType<JsonValue>()
            .Select(key => key.TryGetValue<string>(out var name) ? FieldNames.Escape(name) : null).OfType<string>();

    private static CelType? OfObject(JsonObject schema, bool isResource)
    {
        if (!isResource && schema["additionalProperties"] is JsonObject others)
            return Of(others) is { } element ? CelType.MapOf(CelType.Text, element) : null;
        var fields = (schema["properties"] as JsonObject ?? []).Where(property => property.Value is JsonObject)
            .Select(property => Field(property.Key, Of((JsonObject)property.Value!))).OfType<CelField>();
        return CelType.ObjectOf(isResource ? WithResourceFields(fields) : fields);
    }

    private static CelField? Field(string name, CelType? type) =>
        type is not null && FieldNames.Escape(name) is { } escaped ? new(escaped, name, type) : null;

    /// <summary>The fields that every resource shows to rules, whatever its schema says of them.</summary>
    private static IEnumerable<CelField> WithResourceFields(IEnumerable<CelField> fields) =>
        fields.Where(field => field.Name is not ("apiVersion" or "kind" or "metadata")).Concat(
        [
            new("apiVersion", "apiVersion", CelType.Text),
            new("kind", "kind", CelType.Text),
            new("metadata", "metadata", CelType.ObjectOf([new("name", "name", CelType.Text), new("generateName", "generateName", CelType.Text)])),
        ]);

    internal static string? Text(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    internal static bool Flag(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
