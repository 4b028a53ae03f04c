using System.Text.Json.Nodes;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>A value as the tree of fields that can be owned one by one; what its schema calls atomic is one field.</summary>
internal static class FieldTree
{
    /// <summary>The parts of a value, or null if it is owned as a whole.</summary>
    public static List<Part>? Parts(JsonNode? value, Schema? schema) => value switch
    {
        JsonObject map when schema is not { AtomicMap: true } =>
            [.. map.Select(member => new Part(PathElement.Member(member.Key), member.Value, schema?.Member(member.Key), IsItem: false))],
        JsonArray list when schema is { ItemKeys.IsEmpty: false } && list.All(item => item is JsonObject) =>
            [.. list.Select(item => new Part(PathElement.Key((JsonObject)item!, schema), item, schema.Items, IsItem: true))],
        JsonArray list when schema is { IsSet: true } =>
            [.. list.Select(item => new Part(PathElement.Value(item), item, null, IsItem: true))],
        _ => null,
    };

    /// <summary>All fields of a value.</summary>
    public static FieldSet Of(JsonNode? value, Schema? schema)
    {
        if (Parts(value, schema) is not { Count: > 0 } parts) return FieldSet.Leaf;
        var set = FieldSet.Empty;
        foreach (var part in parts) set = set.With(part.Element, OfPart(part));
        return set;
    }

    /// <summary>The fields that are new or have another value, and those that are gone.</summary>
    public static (FieldSet Touched, FieldSet Removed) Compare(JsonNode? old, JsonNode? next, Schema? schema)
    {
        if (JsonNode.DeepEquals(old, next)) return (FieldSet.Empty, FieldSet.Empty);
        var (before, after) = (Parts(old, schema), Parts(next, schema));
        if (before is null && after is null) return (FieldSet.Leaf, FieldSet.Empty);
        if (before is null || after is null) return (Of(next, schema), Of(old, schema).Except(Of(next, schema)));
        return Compare(before, after);
    }

    /// <summary>The same of two values by their parts.</summary>
    public static (FieldSet Touched, FieldSet Removed) Compare(List<Part> before, List<Part> after)
    {
        var (touched, removed) = (FieldSet.Empty, FieldSet.Empty);
        var known = Index(before);
        foreach (var part in after)
        {
            if (!known.Remove(part.Element, out var was)) touched = touched.With(part.Element, OfPart(part));
            else
            {
                var (t, r) = Compare(was.Value, part.Value, part.Schema);
                (touched, removed) = (touched.With(part.Element, t), removed.With(part.Element, r));
            }
        }
        foreach (var gone in known.Values) removed = removed.With(gone.Element, OfPart(gone).AsMember());
        return (touched, removed);
    }

    private static FieldSet OfPart(Part part) => part.IsItem ? Of(part.Value, part.Schema).AsMember() : Of(part.Value, part.Schema);

    private static Dictionary<string, Part> Index(List<Part> parts)
    {
        var index = new Dictionary<string, Part>(StringComparer.Ordinal);
        foreach (var part in parts) index[part.Element] = part;
        return index;
    }

    internal readonly record struct Part(string Element, JsonNode? Value, Schema? Schema, bool IsItem);
}
