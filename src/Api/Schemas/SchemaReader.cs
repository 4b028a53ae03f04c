using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Schemas;

/// <summary>Turns the JSON of an OpenAPI v3 schema into a <see cref="Schema"/>.</summary>
public static class SchemaReader
{
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static Schema Read(JsonObject source) => WithItemKeys(Extensions(Combinations(Limits(Shape(source), source), source), source));

    private static Schema WithItemKeys(Schema schema) => schema.ListType == "map" ? schema with { ItemKeys = schema.ListMapKeys }
        : schema is { PatchMerges: true, PatchMergeKey.Length: > 0 } ? schema with { ItemKeys = [schema.PatchMergeKey] }
        : schema;

    private static Schema Shape(JsonObject source) => new()
    {
        Source = source,
        Type = source.Text("type") ?? "",
        Format = source.Text("format") ?? "",
        Properties = (source.Object("properties") ?? []).Where(p => p.Value is JsonObject)
            .ToFrozenDictionary(p => p.Key, p => Read((JsonObject)p.Value!), StringComparer.Ordinal),
        Items = source.Object("items") is { } items ? Read(items) : null,
        AdditionalProperties = source["additionalProperties"] switch
        {
            JsonObject schema => Read(schema),
            JsonValue value when value.TryGetValue<bool>(out var allowed) && allowed => Schema.Anything,
            _ => null,
        },
        Required = [.. source.Texts("required")],
        Enum = [.. source.Array("enum") ?? []],
        Default = source["default"],
        Nullable = source.Flag("nullable") ?? false,
    };

    private static Schema Limits(Schema schema, JsonObject source) => schema with
    {
        Minimum = source["minimum"].AsReal(),
        Maximum = source["maximum"].AsReal(),
        ExclusiveMinimum = source.Flag("exclusiveMinimum") ?? false,
        ExclusiveMaximum = source.Flag("exclusiveMaximum") ?? false,
        MultipleOf = source["multipleOf"].AsReal(),
        MinLength = source.Whole("minLength"),
        MaxLength = source.Whole("maxLength"),
        Pattern = source.Text("pattern") is { } pattern ? new SchemaPattern(pattern) : null,
        MinItems = source.Whole("minItems"),
        MaxItems = source.Whole("maxItems"),
        UniqueItems = source.Flag("uniqueItems") ?? false,
        MinProperties = source.Whole("minProperties"),
        MaxProperties = source.Whole("maxProperties"),
    };

    private static Schema Combinations(Schema schema, JsonObject source) => schema with
    {
        AllOf = ReadAll(source, "allOf"),
        AnyOf = ReadAll(source, "anyOf"),
        OneOf = ReadAll(source, "oneOf"),
        Not = source.Object("not") is { } not ? Read(not) : null,
    };

    private static Schema Extensions(Schema schema, JsonObject source) => schema with
    {
        IntOrString = source.Flag("x-kubernetes-int-or-string") ?? false,
        PreserveUnknown = source.Flag("x-kubernetes-preserve-unknown-fields") ?? false,
        EmbeddedResource = source.Flag("x-kubernetes-embedded-resource") ?? false,
        ListType = source.Text("x-kubernetes-list-type") ?? "atomic",
        ListMapKeys = [.. source.Texts("x-kubernetes-list-map-keys")],
        AtomicMap = source.Text("x-kubernetes-map-type") == "atomic",
        PatchMergeKey = source.Text("x-kubernetes-patch-merge-key") ?? "",
        PatchMerges = (source.Text("x-kubernetes-patch-strategy") ?? "").Split(',').Contains("merge"),
    };

    private static ImmutableArray<Schema> ReadAll(JsonObject source, string name) => [.. source.Objects(name).Select(Read)];
}
