using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tables;

/// <summary>A Node as a row.</summary>
internal static class NodeCells
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static IEnumerable<JsonNode?> Of(JsonObject tree, DateTimeOffset now)
    {
        var about = tree.Object("status").Object("nodeInfo");
        return
        [
            CoreShapes.NameOf(tree), Status(tree), Roles(tree), CoreShapes.AgeOf(tree, now), about.Text("kubeletVersion") ?? "",
            Address(tree, "InternalIP"), Address(tree, "ExternalIP"),
            about.Text("osImage") ?? "<unknown>", about.Text("kernelVersion") ?? "<unknown>", about.Text("containerRuntimeVersion") ?? "<unknown>",
        ];
    }

    private static string Status(JsonObject tree)
    {
        var ready = tree.Object("status").Objects("conditions").FirstOrDefault(condition => condition.Text("type") == "Ready").Text("status");
        var state = ready switch { null => "Unknown", "True" => "Ready", _ => "NotReady" };
        return tree.Object("spec").Flag("unschedulable") == true ? state + ",SchedulingDisabled" : state;
    }

    private static string Roles(JsonObject tree)
    {
        var labels = tree.Object("metadata").Object("labels") ?? [];
        var roles = labels.Where(label => label.Key.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(label => label.Key[RolePrefix.Length..])
            .Concat(labels.Where(label => label.Key == "kubernetes.io/role").Select(label => label.Value.AsText() ?? ""));
        return CoreShapes.OrNone(string.Join(',', roles.Where(role => role.Length > 0).Distinct().Order(StringComparer.Ordinal)));
    }

    private static string Address(JsonObject tree, string type) =>
        CoreShapes.OrNone(tree.Object("status").Objects("addresses").FirstOrDefault(address => address.Text("type") == type).Text("address"));
}
