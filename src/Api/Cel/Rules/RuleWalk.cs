using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>One pass over a value with the rules of its schema, within one budget.</summary>
internal sealed class RuleWalk
{
    private readonly CostBudget _budget = new(CostBudget.PerObject);

    public List<RuleViolation> Violations { get; } = [];

    public void Visit(RuleNode node, JsonNode? value, JsonNode? old, string path)
    {
        if (value is null || _budget.IsExhausted) return; // a rule speaks of a value, not of its absence
        foreach (var rule in node.Rules)
            if (!_budget.IsExhausted && rule.Judge(path, value, old, _budget) is { } violation) Violations.Add(violation);
        foreach (var part in node.AllOf) Visit(part, value, old, path);
        if (value is JsonObject map) VisitObject(node, map, old as JsonObject, path);
        else if (value is JsonArray list && node.Items is { } items) VisitItems(node, items, list, old as JsonArray, path);
    }

    private void VisitObject(RuleNode node, JsonObject map, JsonObject? old, string path)
    {
        foreach (var (name, child) in node.Properties) Visit(child, map[name], old?[name], RulePath.Field(path, name));
        if (node.AdditionalProperties is not { } others) return;
        foreach (var (key, child) in map) Visit(others, child, old?[key], RulePath.Key(path, key));
    }

    private void VisitItems(RuleNode node, RuleNode items, JsonArray list, JsonArray? old, string path)
    {
        var before = Keyed(old, node.MapKeys);
        for (var i = 0; i < list.Count; i++) Visit(items, list[i], before.GetValueOrDefault(KeyOf(list[i], node.MapKeys)), $"{path}[{i}]");
    }

    /// <summary>The items as they were: only in a list of type map can one be told to be the same.</summary>
    private static Dictionary<string, JsonNode> Keyed(JsonArray? old, ImmutableArray<string> keys)
    {
        var items = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        if (keys.IsEmpty) return items;
        foreach (var item in old?.OfType<JsonObject>() ?? []) items.TryAdd(KeyOf(item, keys), item);
        return items;
    }

    private static string KeyOf(JsonNode? item, ImmutableArray<string> keys) =>
        string.Join('\n', keys.Select(key => (item as JsonObject)?[key]?.ToJsonString() ?? "null"));
}
