using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Kinds;

/// <summary>Pods are kept as they are told: nothing schedules or runs them here.</summary>
internal sealed class PodRules : KindRules
{
    public override IReadOnlyCollection<string> FieldPaths =>
    [
        "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "spec.hostNetwork",
        "status.phase", "status.podIP", "status.nominatedNodeName",
    ];

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree)
    {
        foreach (var path in FieldPaths)
        {
            var (part, name) = (path[..path.IndexOf('.', StringComparison.Ordinal)], path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            var value = tree.Object(part)?[name];
            yield return KeyValuePair.Create(path, value.AsText() ?? value?.ToJsonString() ?? (name == "hostNetwork" ? "false" : ""));
        }
    }

    public override void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
        if (old is null) tree["status"] = new JsonObject { ["phase"] = "Pending" };
        var spec = tree.Ensure("spec");
        spec.SetDefault("restartPolicy", "Always");
        spec.SetDefault("dnsPolicy", "ClusterFirst");
        spec.SetDefault("schedulerName", "default-scheduler");
        spec.SetDefault("terminationGracePeriodSeconds", 30);
        spec.SetDefault("securityContext", new JsonObject());
    }
}
