using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>Compiles the rules of a schema and of all that is in it; branches without rules are left out.</summary>
internal sealed class RuleCompiler(ImmutableArray<RuleFault>.Builder faults)
{
    private const string Validations = "x-kubernetes-validations";

    /// <summary>The rules at and below a place; null if there are none, or if expressions cannot see it.</summary>
    public RuleNode? Node(JsonObject schema, CelType? type, SchemaPlace place)
    {
        if (type is null) return null;
        var mapKeys = SchemaTypes.Text(schema, "x-kubernetes-list-type") == "map" ? Texts(schema["x-kubernetes-list-map-keys"]).ToImmutableArray() : [];
        var node = new RuleNode(Rules(schema, type, place))
        {
            Properties = Properties(schema, type, place),
            AdditionalProperties = schema["additionalProperties"] is JsonObject others ? Node(others, type.Element, place.Child("additionalProperties")) : null,
            Items = schema["items"] is JsonObject items
                ? Node(items, type.Element, mapKeys.IsEmpty ? place.Child("items").BeyondComparison() : place.Child("items"))
                : null,
            AllOf = [.. (schema["allOf"] as JsonArray ?? []).OfType<JsonObject>().Select((part, i) => Node(part, type, place.Child($"allOf[{i}]")))
                .OfType<RuleNode>()],
            MapKeys = mapKeys,
        };
        return node.IsEmpty ? null : node;
    }

    private ImmutableArray<KeyValuePair<string, RuleNode>> Properties(JsonObject schema, CelType type, SchemaPlace place)
    {
        var nodes = ImmutableArray.CreateBuilder<KeyValuePair<string, RuleNode>>();
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is not JsonObject property) continue;
            var known = FieldNames.Escape(name) is { } escaped ? type.Fields?.GetValueOrDefault(escaped)?.Type : SchemaTypes.Of(property);
            if (Node(property, known, place.Child($"properties[{name}]")) is { } node) nodes.Add(new(name, node));
        }
        return nodes.ToImmutable();
    }

    private ImmutableArray<SchemaRule> Rules(JsonObject schema, CelType type, SchemaPlace place)
    {
        var rules = (schema[Validations] as JsonArray ?? []).OfType<JsonObject>()
            .Where(source => !string.IsNullOrWhiteSpace(SchemaTypes.Text(source, "rule")))
            .Select(source => new SchemaRule(source, type, JsonTypeOf(type))).ToImmutableArray();
        for (var i = 0; i < rules.Length; i++) Note(rules[i], place, place.Child($"{Validations}[{i}]").Path);
        return rules;
    }

    private static string JsonTypeOf(CelType type) => type.Kind switch
    {
        CelKind.Any => "",
        CelKind.Map => "object",
        CelKind.List => "array",
        CelKind.Bool => "boolean",
        CelKind.Int => "integer",
        CelKind.Double => "number",
        _ => "string",
    };

    private void Note(SchemaRule rule, SchemaPlace place, string path)
    {
        if (rule.Fault is { } fault) faults.Add(new($"{path}.rule", Worded(fault, "compilation failed: ", "cel expression ")));
        if (rule.MessageFault is { } message)
            faults.Add(new($"{path}.messageExpression", Worded(message, "messageExpression compilation failed: ", "messageExpression ")));
        if (rule.UsesOldSelf && place.Uncorrelatable is { } beyond)
            faults.Add(new($"{path}.rule", $"oldSelf cannot be used on the uncorrelatable portion of the schema within {beyond}"));
        if (rule.Fault is null && rule.IsOldSelfOptional && !rule.UsesOldSelf)
            faults.Add(new($"{path}.optionalOldSelf", "may not be set if oldSelf is not used in rule"));
    }

    private static string Worded(string fault, string compilation, string type) =>
        (fault.StartsWith("ERROR:", StringComparison.Ordinal) ? compilation : type) + fault;

    private static IEnumerable<string> Texts(JsonNode? names) =>
        (names as JsonArray ?? []).OfType<JsonValue>().Select(name => name.TryGetValue<string>(out var text) ? text : null).OfType<string>();
}
