using System.Text.Json;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class NodeTests
{
    private const string Label = "node.kubernetes.io/exclude-from-external-load-balancers";

    [Theory]
    [InlineData("other: x", false)]
    [InlineData($"{Label}: ''", true)]
    [InlineData($"{Label}: 'true'", true)]
    [InlineData($"{Label}: anything", true)]
    [InlineData($"{Label}: 'false'", false)]
    public void The_label_that_excludes_a_node_counts_unless_we_are_to_ignore_it(string labels, bool excluded)
    {
        Assert.Equal(excluded, Read($"metadata: {{name: node1, labels: {{{labels}}}}}").Excluded);
        Assert.False(Read($"metadata: {{name: node1, labels: {{{labels}}}}}", ignoresExclusion: true).Excluded);
    }

    [Theory]
    [InlineData("{type: Ready, status: 'True'}, {type: NetworkUnavailable, status: 'False'}", true, false)]
    [InlineData("{type: Ready, status: 'False'}, {type: NetworkUnavailable, status: 'True'}", false, true)]
    [InlineData("{type: Ready, status: Unknown}, {type: NetworkUnavailable, status: Unknown}", false, false)]
    [InlineData("", true, false)]
    public void Conditions_are_read(string conditions, bool ready, bool networkUnavailable)
    {
        var facts = Read($"metadata: {{name: node1}}\nstatus: {{conditions: [{conditions}]}}");
        Assert.Equal((ready, networkUnavailable), (facts.Ready, facts.NetworkUnavailable));
    }

    /// <summary>A cordon alone moves nothing: MetalLB tried that, and took it back.</summary>
    [Theory]
    [InlineData("spec: {unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}", false)]
    [InlineData("spec: {taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]}", true)]
    public void A_node_is_left_when_it_is_to_be_deleted(string spec, bool draining) =>
        Assert.Equal(draining, Read($"metadata: {{name: node1}}\n{spec}").Draining);

    /// <summary>What a kubelet writes every few seconds is no news.</summary>
    [Fact]
    public void A_heartbeat_changes_nothing() => Assert.Equal(
        Read("metadata: {name: node1, resourceVersion: '1'}\nstatus: {conditions: [{type: Ready, status: 'True', lastHeartbeatTime: '2026-01-01T00:00:00Z'}]}"),
        Read("metadata: {name: node1, resourceVersion: '2'}\nstatus: {conditions: [{type: Ready, status: 'True', lastHeartbeatTime: "
            + "'2026-01-01T00:00:10Z'}]}"));

    private static NodeFacts Read(string yaml, bool ignoresExclusion = false)
    {
        var manifest = Assert.Single(new ManifestReader(ManifestKinds.All).ReadText($"apiVersion: v1\nkind: Node\n{yaml}\n", "file.yaml").Manifests);
        return NodeTranslator.Translate(JsonSerializer.Deserialize(manifest.Root.ToJson(), ResourceTypes.Nodes.Json)!, ignoresExclusion);
    }
}
