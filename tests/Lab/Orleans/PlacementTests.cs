using System.Diagnostics;
using OrleansLb.Silo.Lab.Processes;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>Which process keeps what, and who takes it over.</summary>
public sealed class PlacementTests
{
    private static readonly string[] Nodes = ["node1", "node2", "node3"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cluster_is_read_once_and_by_another_process_when_that_one_dies()
    {
        await using var cluster = await SiloCluster.Start(Stop);
        foreach (var node in Nodes) await cluster.StartNode(node, Stop); // one after another: the first is the oldest
        await ReadOnce(cluster, 0);
        var killed = Stopwatch.GetTimestamp();
        await cluster.Kill("node1");
        var read = await ReadOnce(cluster, killed);
        Assert.InRange(Stopwatch.GetElapsedTime(killed, read), TimeSpan.Zero, TimeSpan.FromSeconds(10)); // other tests run meanwhile; bench cluster measures it

        await cluster.CreateService("a");
        await cluster.Announced("a", node => node != "node1", Stop);
    }

    /// <summary>
    /// Waits until one silo, and no other, watches what is served, since then; two watch the membership. Answers when it began to watch the Services.
    /// </summary>
    private static async Task<long> ReadOnce(SiloCluster cluster, long since)
    {
        const string wanted = "addressclaims:1 endpointslices:1 nodes:1 pods:2 services:1 siloclusters:2";
        await Eventually.See(wanted, () => Task.FromResult(Open(cluster) == wanted && Services(cluster).Since >= since ? cluster : null),
            () => Task.FromResult(Open(cluster)), Stop);
        return Services(cluster).Since;
    }

    private static OpenWatch Services(SiloCluster cluster) => cluster.Traffic.Watches.Single(watch => watch.Resource == "services");

    private static string Open(SiloCluster cluster) => string.Join(' ', cluster.Traffic.Watches
        .Where(watch => watch.Resource is "addressclaims" or "endpointslices" or "nodes" or "pods" or "services" or "siloclusters")
        .CountBy(watch => watch.Resource).OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}:{count.Value}"));
}
