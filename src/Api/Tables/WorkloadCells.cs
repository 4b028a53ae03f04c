using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>Deployments and daemon sets as rows.</summary>
internal static class WorkloadCells
{
    public static IEnumerable<JsonNode?> OfDeployment(JsonObject tree, DateTimeOffset now)
    {
        var status = tree.Object("status");
        return
        [
            CoreShapes.NameOf(tree), $"{Count(status, "readyReplicas")}/{tree.Object("spec").Whole("replicas") ?? 1}",
            Count(status, "updatedReplicas").ToString(CultureInfo.InvariantCulture), Count(status, "availableReplicas").ToString(CultureInfo.InvariantCulture),
            CoreShapes.AgeOf(tree, now),
        ];
    }

    public static IEnumerable<JsonNode?> OfDaemonSet(JsonObject tree, DateTimeOffset now)
    {
        var status = tree.Object("status");
        var selector = tree.Object("spec").Object("template").Object("spec").Object("nodeSelector") ?? [];
        return
        [
            CoreShapes.NameOf(tree), Count(status, "desiredNumberScheduled"), Count(status, "currentNumberScheduled"), Count(status, "numberReady"),
            Count(status, "updatedNumberScheduled"), Count(status, "numberAvailable"),
            CoreShapes.OrNone(string.Join(',', selector.Select(pair => $"{pair.Key}={pair.Value.AsText()}"))), CoreShapes.AgeOf(tree, now),
        ];
    }

    private static long Count(JsonObject? status, string member) => status.Whole(member) ?? 0;
}
