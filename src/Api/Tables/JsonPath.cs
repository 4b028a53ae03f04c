using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>
/// The simple JSONPath of printer columns: members, indexes, <c>[*]</c> and filters such as
/// <c>[?(@.type=="Ready")]</c>. It finds the first match.
/// </summary>
public sealed partial class JsonPath
{
    private readonly ImmutableArray<Func<JsonNode, IEnumerable<JsonNode?>>> _steps;

    private JsonPath(ImmutableArray<Func<JsonNode, IEnumerable<JsonNode?>>> steps) => _steps = steps;

    public static JsonPath Parse(string text) => new([.. Step().Matches(text).Select(Read)]);

    public JsonNode? Find(JsonNode root)
    {
        IEnumerable<JsonNode> found = [root];
        foreach (var step in _steps) found = found.SelectMany(step).OfType<JsonNode>();
        return found.FirstOrDefault();
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Read(Match step)
    {
        if (step.Groups["member"] is { Success: true } member) return Member(member.Value.Replace("\\.", ".", StringComparison.Ordinal));
        if (step.Groups["quoted"] is { Success: true } quoted) return Member(quoted.Value);
        if (step.Groups["index"] is { Success: true } index) return Item(int.Parse(index.Value, CultureInfo.InvariantCulture));
        if (step.Groups["path"] is { Success: true } path) return Filter(Parse(path.Value), step.Groups["value"].Value);
        return node => node is JsonArray list ? list : node is JsonObject map ? map.Select(pair => pair.Value) : [];
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Member(string name) => node => node is JsonObject map ? [map[name]] : [];

    private static Func<JsonNode, IEnumerable<JsonNode?>> Item(int index) => node =>
        node is JsonArray list && (index < 0 ? index + list.Count : index) is var at && at >= 0 && at < list.Count ? [list[at]] : [];

    private static Func<JsonNode, IEnumerable<JsonNode?>> Filter(JsonPath path, string value) => node =>
        node is JsonArray list ? list.Where(item => item is not null && path.Find(item) is { } found && (found.AsText() ?? found.ToJsonString()) == value) : [];

    [GeneratedRegex("""\[\?\(@(?<path>[^=\]]+?)\s*==\s*["']?(?<value>[^"')]*)["']?\)\]|\[\*\]|\[(?<index>-?\d+)\]|\[['"](?<quoted>[^'"]+)['"]\]|\.(?<member>(\\\.|[^.\[\]])+)""")]
    private static partial Regex Step();
}
