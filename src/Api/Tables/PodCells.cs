using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>A Pod as a row.</summary>
internal static class PodCells
{
    public static IEnumerable<JsonNode?> Of(JsonObject tree, DateTimeOffset now)
    {
        var states = tree.Object("status").Objects("containerStatuses").ToList();
        var total = tree.Object("spec").Objects("containers").Count();
        return
        [
            CoreShapes.NameOf(tree), $"{states.Count(state => state.Flag("ready") == true)}/{total}", Status(tree),
            states.Sum(state => state.Whole("restartCount") ?? 0).ToString(CultureInfo.InvariantCulture), CoreShapes.AgeOf(tree, now),
            CoreShapes.OrNone(tree.Object("status").Text("podIP")), CoreShapes.OrNone(tree.Object("spec").Text("nodeName")),
        ];
    }

    private static string Status(JsonObject tree) =>
        tree.Object("metadata").Text("deletionTimestamp") is not null ? "Terminating"
        : tree.Object("status").Text("reason") ?? tree.Object("status").Text("phase") ?? "Unknown";
}
