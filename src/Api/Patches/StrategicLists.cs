using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Patches;

/// <summary>Lists in a strategic merge patch: objects matched by their merge key, plain values as a set.</summary>
internal static class StrategicLists
{
    public static JsonArray Merge(JsonArray? present, JsonArray patch, JsonArray? order, Schema schema)
    {
        if (patch.OfType<JsonObject>().Any(item => item.Text(StrategicMergePatch.Directive) == "replace"))
            return new([.. patch.Where(item => (item as JsonObject)?.Text(StrategicMergePatch.Directive) != "replace").Select(item => item?.DeepClone())]);
        var merged = (JsonArray?)present?.DeepClone() ?? [];
        foreach (var item in patch)
        {
            if (schema.PatchMergeKey.Length > 0 && item is JsonObject map) MergeItem(merged, map, schema);
            else if (!merged.Any(known => JsonNode.DeepEquals(known, item))) merged.Add(item?.DeepClone());
        }
        return Order(merged, order
            ?? [.. patch.Where(item => (item as JsonObject)?.Text(StrategicMergePatch.Directive) is null).Select(item => item?.DeepClone())], present, schema);
    }

    /// <summary>
    /// Puts the items that the order names into that order. The others keep theirs, and stand before the first of those
    /// that they stood before; new items go first.
    /// </summary>
    /// <param name="before">The list as it was.</param>
    public static JsonArray Order(JsonArray list, JsonArray order, JsonArray? before, Schema schema)
    {
        var wanted = order.Select(item => KeyOf(item, schema)).ToList();
        var known = (before ?? []).Select(item => KeyOf(item, schema)).ToList();
        var named = new Queue<JsonNode?>(list.Where(item => wanted.Contains(KeyOf(item, schema))).OrderBy(item => wanted.IndexOf(KeyOf(item, schema))));
        var others = new Queue<JsonNode?>(list.Where(item => !wanted.Contains(KeyOf(item, schema))));
        var ordered = new List<JsonNode?>();
        while (named.Count + others.Count > 0) ordered.Add((IsNext(others, named, item => known.IndexOf(KeyOf(item, schema))) ? others : named).Dequeue());
        list.Clear();
        return new([.. ordered]);
    }

    private static bool IsNext(Queue<JsonNode?> others, Queue<JsonNode?> named, Func<JsonNode?, int> place)
    {
        if (others.Count == 0 || named.Count == 0) return named.Count == 0;
        var (other, next) = (place(others.Peek()), place(named.Peek()));
        return other >= 0 && other < next;
    }

    private static void MergeItem(JsonArray list, JsonObject patch, Schema schema)
    {
        if (patch[schema.PatchMergeKey] is not { } key)
            throw ApiError.BadRequest($"map: {patch.ToJsonString()} does not contain declared merge key: {schema.PatchMergeKey}").AsException();
        var at = IndexOf(list, key, schema);
        if (patch.Text(StrategicMergePatch.Directive) == "delete")
        {
            for (; at >= 0; at = IndexOf(list, key, schema)) list.RemoveAt(at);
            return;
        }
        if (at < 0) list.Add(StrategicMergePatch.Fresh(patch, schema.Items));
        else list[at] = StrategicMergePatch.Apply(((JsonObject)list[at]!).Copy(), patch, schema.Items);
    }

    private static int IndexOf(JsonArray list, JsonNode key, Schema schema)
    {
        for (var i = 0; i < list.Count; i++)
            if (list[i] is JsonObject item && JsonNode.DeepEquals(item[schema.PatchMergeKey], key)) return i;
        return -1;
    }

    private static string KeyOf(JsonNode? item, Schema schema) =>
        (item is JsonObject map && schema.PatchMergeKey.Length > 0 ? map[schema.PatchMergeKey] : item)?.ToJsonString() ?? "null";
}
