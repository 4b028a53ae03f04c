using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Objects;

/// <summary>Which faults of an update were there before and are not touched by it.</summary>
internal static class Ratchet
{
    public static bool IsUntouched(FieldError error, JsonObject old, JsonObject next) =>
        TryFind(old, error.Field, out var before) && TryFind(next, error.Field, out var after) && JsonNode.DeepEquals(before, after);

    /// <summary>Finds the value at a path such as <c>spec.ports[0].name</c>; false if the path leads nowhere.</summary>
    private static bool TryFind(JsonNode? node, string path, out JsonNode? found)
    {
        found = node;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
            if (!TryStep(found, step, out found)) return false;
        return true;
    }

    private static bool TryStep(JsonNode? node, string step, out JsonNode? found)
    {
        found = null;
        if (node is JsonObject map) return map.TryGetPropertyValue(step, out found);
        if (node is not JsonArray list || step[0] != '[') return false;
        if (!int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= list.Count) return false;
        found = list[index];
        return true;
    }
}
