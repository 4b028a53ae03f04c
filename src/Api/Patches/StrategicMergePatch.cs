using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Patches;

/// <summary>
/// Kubernetes' own merge patch for built-in kinds: as RFC 7386, but lists that the schema says so of are merged item by item,
/// and <c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList</c> and <c>$setElementOrder</c> say what else to do.
/// </summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch";
    internal const string DeleteFromList = "$deleteFromPrimitiveList/";
    internal const string ElementOrder = "$setElementOrder/";
    private const string RetainKeys = "$retainKeys";

    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema? schema)
    {
        switch (patch.Text(Directive))
        {
            case "replace": return WithoutDirectives(patch);
            case "delete": return [];
            case null or "merge": break;
            case var other: throw ApiError.BadRequest($"Unknown patch type: {other}").AsException();
        }
        Retain(target, patch);
        foreach (var (name, value) in patch.Where(member => !member.Key.StartsWith('$'))) Merge(target, name, value, patch, schema?.Member(name));
        foreach (var (name, value) in patch) FollowListDirective(target, name, value, patch, schema);
        return target;
    }

    /// <summary>A patch on its own, as it stands for something that was not there: directives and nulls fall away.</summary>
    internal static JsonObject Fresh(JsonObject patch, Schema? schema) => Apply([], patch, schema);

    private static void Merge(JsonObject target, string name, JsonNode? value, JsonObject patch, Schema? schema)
    {
        switch (value)
        {
            case null: target.Remove(name); break;
            case JsonObject map when map.Text(Directive) == "delete": target.Remove(name); break;
            case JsonObject map: MergeObject(target, name, map, schema); break;
            case JsonArray list when schema is { PatchMerges: true }:
                target[name] = StrategicLists.Merge(target.Array(name), list, patch.Array(ElementOrder + name), schema);
                break;
            default: target[name] = value.DeepClone(); break;
        }
    }

    private static void MergeObject(JsonObject target, string name, JsonObject patch, Schema? schema)
    {
        var present = target.Object(name);
        target.Remove(name);
        target[name] = Apply(present ?? [], patch, schema);
    }

    private static void FollowListDirective(JsonObject target, string name, JsonNode? value, JsonObject patch, Schema? schema)
    {
        if (name.StartsWith(DeleteFromList, StringComparison.Ordinal) && target.Array(name[DeleteFromList.Length..]) is { } list)
            foreach (var gone in value as JsonArray ?? [])
                if (list.FirstOrDefault(item => JsonNode.DeepEquals(item, gone)) is { } found) list.Remove(found);
        if (!name.StartsWith(ElementOrder, StringComparison.Ordinal)) return;
        var member = name[ElementOrder.Length..];
        if (patch.ContainsKey(member) || target.Array(member) is not { } ordered || schema?.Member(member) is not { } itemSchema) return;
        if (value is JsonArray order) target[member] = StrategicLists.Order(ordered, order, ordered, itemSchema);
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch.Array(RetainKeys) is null) return;
        var kept = patch.Texts(RetainKeys).ToHashSet();
        foreach (var name in target.Select(member => member.Key).Where(name => !kept.Contains(name)).ToList()) target.Remove(name);
    }

    private static JsonObject WithoutDirectives(JsonObject patch)
    {
        var copy = patch.Copy();
        copy.Remove(Directive);
        return copy;
    }
}
