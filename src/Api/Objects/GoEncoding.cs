using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Objects;

/// <summary>
/// Built-in kinds are Go structs whose empty members are not written: an empty list, map or text is the same as none.
/// Without this, a client that sends one would seem to have changed something.
/// </summary>
internal static class GoEncoding
{
    public static void Tidy(JsonObject map, Schema schema)
    {
        List<string>? empty = null;
        foreach (var (name, child) in map)
        {
            var member = schema.Properties.GetValueOrDefault(name);
            if (member is null) continue;
            if (IsEmpty(child, member) && !schema.Required.Contains(name)) (empty ??= []).Add(name);
            else TidyChild(child, member);
        }
        foreach (var name in empty ?? []) map.Remove(name);
    }

    private static void TidyChild(JsonNode? child, Schema member)
    {
        if (child is JsonObject map) Tidy(map, member);
        else if (child is JsonArray list && member.Items is { } items)
            foreach (var item in list.OfType<JsonObject>()) Tidy(item, items);
    }

    private static bool IsEmpty(JsonNode? value, Schema schema) => value switch
    {
        JsonArray list => list.Count == 0,
        JsonObject map => map.Count == 0 && schema.AdditionalProperties is not null,
        JsonValue => value.AsText() is "",
        _ => value is null,
    };
}
