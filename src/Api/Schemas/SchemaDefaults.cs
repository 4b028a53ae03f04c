using System.Text.Json.Nodes;

namespace OrleansLb.Api.Schemas;

/// <summary>Puts the defaults of a schema where a value says nothing.</summary>
public static class SchemaDefaults
{
    public static void Apply(JsonNode? value, Schema schema)
    {
        if (!schema.HasDefaults) return;
        if (value is JsonObject map) ApplyToObject(map, schema);
        else if (value is JsonArray list && schema.Items is { } items)
            foreach (var item in list) Apply(item, items);
    }

    private static void ApplyToObject(JsonObject map, Schema schema)
    {
        foreach (var (name, member) in schema.Properties)
        {
            if (member.Default is null) continue;
            if (!map.TryGetPropertyValue(name, out var present) || (present is null && !member.Nullable)) map[name] = member.Default.DeepClone();
        }
        foreach (var (name, child) in map)
            if (child is not null && schema.Member(name) is { } member) Apply(child, member);
    }
}
