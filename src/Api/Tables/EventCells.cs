using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Kinds;

namespace OrleansLb.Api.Tables;

/// <summary>An Event as a row.</summary>
internal static class EventCells
{
    public static IEnumerable<JsonNode?> OfNewer(JsonObject tree, DateTimeOffset now)
    {
        var core = tree.Copy();
        EventVersions.ToCore(core);
        return Of(core, now);
    }

    public static IEnumerable<JsonNode?> Of(JsonObject tree, DateTimeOffset now)
    {
        var first = tree.Text("firstTimestamp") ?? tree.Text("eventTime");
        var last = tree.Object("series").Text("lastObservedTime") ?? tree.Text("lastTimestamp") ?? first;
        var about = tree.Object("involvedObject");
        var kind = (about.Text("kind") ?? "").ToLowerInvariant();
        var count = tree.Object("series").Whole("count") ?? tree.Whole("count") ?? 1;
        return
        [
            Ages.Since(last, now), tree.Text("type") ?? "", tree.Text("reason") ?? "",
            kind.Length == 0 ? about.Text("name") ?? "" : $"{kind}/{about.Text("name")}", about.Text("fieldPath") ?? "",
            Source(tree), (tree.Text("message") ?? "").Trim(), Ages.Since(first, now), count.ToString(CultureInfo.InvariantCulture), CoreShapes.NameOf(tree),
        ];
    }

    private static string Source(JsonObject tree)
    {
        var source = tree.Object("source");
        var component = source.Text("component") is { Length: > 0 } old ? old : tree.Text("reportingComponent") ?? "";
        var instance = source.Text("host") is { Length: > 0 } host ? host : tree.Text("reportingInstance") ?? "";
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }
}
