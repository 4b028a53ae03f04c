using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Hosting.Embedded;

/// <summary>Registers the nodes of this process with the embedded API, as a kubelet does with a cluster's.</summary>
internal static class NodeRegistration
{
    public static async Task Register(this ManifestApplier api, IEnumerable<NodeSettings> nodes, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var node in nodes)
        {
            var manifest = ManifestOf(node, time.GetUtcNow());
            var refusal = await api.Apply(manifest, cancellation) ?? await api.ApplyStatus(ResourceTypes.Nodes.Resource, manifest, cancellation);
            if (refusal is not null) throw new OperatorException($"the embedded API refuses the Node {node.Name}: {refusal}");
        }
    }

    private static Mapping ManifestOf(NodeSettings node, DateTimeOffset now)
    {
        var addresses =
            node.Addresses.Select(address => $"{{type: InternalIP, address: \"{address}\"}}").Append($"{{type: Hostname, address: \"{node.Name}\"}}");
        return ManifestText.One($$"""
            apiVersion: v1
            kind: Node
            metadata:
              name: "{{node.Name}}"
              labels: {kubernetes.io/hostname: "{{node.Name}}", kubernetes.io/os: {{(OperatingSystem.IsWindows() ? "windows" : "linux")}}}
            status:
              addresses: [{{string.Join(", ", addresses)}}]
              conditions:
              - {type: Ready, status: "True", reason: OrleansLbRuns, message: orleanslb runs here, lastTransitionTime: "{{now:yyyy-MM-ddTHH:mm:ssZ}}", lastHeartbeatTime: "{{now:yyyy-MM-ddTHH:mm:ssZ}}"}
            """);
    }
}
