using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>Lays a configuration over an object, and takes fields out of it.</summary>
internal static class FieldMerge
{
    public static JsonObject Merge(JsonObject live, JsonObject configuration, Schema? schema)
    {
        foreach (var (name, value) in configuration) live[name] = MergeValue(live[name], value, schema?.Member(name));
        return live;
    }

    /// <summary>Removes the fields of the set; lists and maps that this leaves empty go too.</summary>
    public static void Remove(JsonObject live, FieldSet gone, Schema? schema)
    {
        foreach (var (element, below) in gone.Children.Where(child => child.Key.StartsWith("f:", StringComparison.Ordinal)))
        {
            var name = element[2..];
            if (!live.TryGetPropertyValue(name, out var value)) continue;
            if (below.IsMember && below.Children.IsEmpty) live.Remove(name);
            else RemoveInside(live, name, value, below, schema?.Member(name));
        }
    }

    private static JsonNode? MergeValue(JsonNode? live, JsonNode? wanted, Schema? schema)
    {
        if (live is JsonObject map && wanted is JsonObject over && schema is not { AtomicMap: true }) return Merge(map.Copy(), over, schema);
        if (live is not JsonArray list || wanted is not JsonArray items || FieldTree.Parts(list, schema) is not { } parts) return wanted?.DeepClone();
        var merged = (JsonArray)list.DeepClone();
        var places = parts.Select(part => part.Element).ToList();
        foreach (var part in FieldTree.Parts(items, schema) ?? [])
        {
            var at = places.IndexOf(part.Element);
            if (at < 0)
            {
                merged.Add(part.Value?.DeepClone());
                places.Add(part.Element);
            }
            else merged[at] = MergeValue(merged[at], part.Value, part.Schema);
        }
        return merged;
    }

    private static void RemoveInside(JsonObject parent, string name, JsonNode? value, FieldSet gone, Schema? schema)
    {
        if (value is JsonObject map) Remove(map, gone, schema);
        else if (value is JsonArray list) RemoveItems(list, gone, schema);
        if (value is JsonObject { Count: 0 } or JsonArray { Count: 0 }) parent.Remove(name);
    }

    private static void RemoveItems(JsonArray list, FieldSet gone, Schema? schema)
    {
        foreach (var part in FieldTree.Parts(list, schema) ?? [])
        {
            if (!gone.Children.TryGetValue(part.Element, out var below)) continue;
            if (below.IsMember) list.Remove(part.Value);
            else if (part.Value is JsonObject item) Remove(item, below, part.Schema);
        }
    }
}
