using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Tests.Records;

public sealed class NodeMarkerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_is_marked_and_the_mark_is_taken_off_again()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("apiVersion: v1\nkind: Node\nmetadata: {name: n1, annotations: {other: kept}}\n");
        var marker = new NodeMarker(cluster.Client);
        foreach (var draining in new[] { true, true, false, false })
        {
            Assert.Equal(NodeMark.Written, await marker.Drain(new("n1"), draining, Cancellation));
            var node = await cluster.Client.Get(ResourceTypes.Nodes, null, "n1", Cancellation);
            Assert.Equal(draining, NodeTranslator.Translate(node).Draining);
        }
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_said()
    {
        await using var cluster = await Cluster.Start();
        Assert.Equal(NodeMark.NoSuchNode, await new NodeMarker(cluster.Client).Drain(new("n9"), draining: true, Cancellation));
    }
}
