using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Schemas;

/// <summary>Takes out of a value what its schema does not know, and the nulls that mean "absent".</summary>
public static class SchemaPruning
{
    /// <summary>Prunes in place; the paths of the unknown fields go to <paramref name="unknown"/>.</summary>
    public static void Prune(JsonObject root, Schema schema, List<string> unknown)
    {
        if (!IsClean(root, schema)) PruneObject(root, schema, "", unknown);
    }

    /// <summary>True when there is nothing to prune, as in nearly every object: found out without making the path of every member.</summary>
    private static bool IsClean(JsonNode? node, Schema schema)
    {
        if (node is JsonArray list) return schema.Items is not { } items || list.All(item => IsClean(item, items));
        foreach (var (name, child) in node as JsonObject ?? [])
        {
            var member = schema.Member(name) ?? Implied(schema, name);
            if (member is null && !schema.PreserveUnknown) return false;
            if (child is null && member is { Nullable: false }) return false;
            if (child is not null && member is not null && !IsClean(child, member)) return false;
        }
        return true;
    }

    private static void PruneNode(JsonNode? node, Schema schema, string path, List<string> unknown)
    {
        if (node is JsonObject map) PruneObject(map, schema, path, unknown);
        else if (node is JsonArray list && schema.Items is { } items)
            for (var i = 0; i < list.Count; i++) PruneNode(list[i], items, $"{path}[{i}]", unknown);
    }

    private static void PruneObject(JsonObject map, Schema schema, string path, List<string> unknown)
    {
        List<string>? dropped = null;
        foreach (var (name, child) in map)
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            var member = schema.Member(name) ?? Implied(schema, name);
            if (member is null && !schema.PreserveUnknown)
            {
                unknown.Add(childPath);
                (dropped ??= []).Add(name);
            }
            else if (child is null && member is { Nullable: false }) (dropped ??= []).Add(name);
            else if (child is not null && member is not null) PruneNode(child, member, childPath, unknown);
        }
        foreach (var name in dropped ?? []) map.Remove(name);
    }

    private static Schema? Implied(Schema schema, string name) =>
        schema.EmbeddedResource && name is "apiVersion" or "kind" or "metadata" ? Schema.Anything : null;
}
