using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>What config maps and secrets have in common.</summary>
internal static partial class DataKeys
{
    public static IEnumerable<FieldError> Invalid(JsonObject tree, string member) =>
        from pair in tree.Object(member) ?? []
        where pair.Key.Length > 253 || !Key().IsMatch(pair.Key) || pair.Key is "." or ".."
        select FieldError.Invalid($"{member}[{pair.Key}]", pair.Key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'");

    public static IEnumerable<FieldError> ChangedWhileImmutable(JsonObject tree, JsonObject? old, params string[] members)
    {
        if (old?.Flag("immutable") != true) yield break;
        if (tree.Flag("immutable") != true) yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var member in members)
            if (!JsonNode.DeepEquals(old[member], tree[member])) yield return FieldError.Forbidden(member, "field is immutable when `immutable` is set");
    }

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z")]
    private static partial Regex Key();
}
