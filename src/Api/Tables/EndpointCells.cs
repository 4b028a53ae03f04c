using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>Endpoints, in both forms, as rows.</summary>
internal static class EndpointCells
{
    private const int Shown = 3;

    public static IEnumerable<JsonNode?> OfSlice(JsonObject tree, DateTimeOffset now) =>
    [
        CoreShapes.NameOf(tree), tree.Text("addressType") ?? "",
        Some(tree.Objects("ports").Select(port => port.Whole("port")?.ToString(CultureInfo.InvariantCulture) ?? port.Text("name") ?? "*"), "<unset>"),
        Some(tree.Objects("endpoints").SelectMany(endpoint => endpoint.Texts("addresses")), "<unset>"), CoreShapes.AgeOf(tree, now),
    ];

    public static IEnumerable<JsonNode?> OfEndpoints(JsonObject tree, DateTimeOffset now) =>
        [CoreShapes.NameOf(tree), Some(tree.Objects("subsets").SelectMany(OfSubset), "<none>"), CoreShapes.AgeOf(tree, now)];

    private static IEnumerable<string> OfSubset(JsonObject subset)
    {
        var ports = subset.Objects("ports").ToList();
        return subset.Objects("addresses").SelectMany(address => ports.Count == 0
            ? [address.Text("ip") ?? ""]
            : ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{Bracketed(address.Text("ip") ?? "")}:{port.Whole("port")}")));
    }

    private static string Bracketed(string ip) => ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip;

    private static string Some(IEnumerable<string> texts, string none)
    {
        var all = texts.ToList();
        return all.Count == 0 ? none : all.Count <= Shown ? string.Join(',', all) : $"{string.Join(',', all.Take(Shown))} + {all.Count - Shown} more...";
    }
}
