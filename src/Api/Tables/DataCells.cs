using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>Config maps and secrets as rows.</summary>
internal static class DataCells
{
    public static IEnumerable<JsonNode?> OfConfigMap(JsonObject tree, DateTimeOffset now) =>
        [CoreShapes.NameOf(tree), (Count(tree, "data") + Count(tree, "binaryData")).ToString(CultureInfo.InvariantCulture), CoreShapes.AgeOf(tree, now)];

    public static IEnumerable<JsonNode?> OfSecret(JsonObject tree, DateTimeOffset now) =>
        [CoreShapes.NameOf(tree), tree.Text("type") ?? "", Count(tree, "data"), CoreShapes.AgeOf(tree, now)];

    private static int Count(JsonObject tree, string member) => tree.Object(member)?.Count ?? 0;
}
