using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Membership;

public sealed class PodWatchTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_whose_pod_is_deleted_is_an_orphan_and_others_are_not()
    {
        await using var cluster = await Cluster.Start();
        await MakePod(cluster, "pod-1");
        await MakePod(cluster, "pod-2");
        await Join(cluster, "one:1@1", new("pod-1", await Uid(cluster, "pod-1")));
        await Join(cluster, "two:1@1", new("pod-2", await Uid(cluster, "pod-2")));
        await Join(cluster, "bare:1@1", null);
        await using var orphans = Orphans(cluster);
        var next = orphans.MoveNextAsync();

        await cluster.Delete(ResourceTypes.Pods.Resource, "default", "pod-1");

        Assert.True(await next);
        Assert.Equal("one:1@1", orphans.Current);
    }

    [Fact]
    public async Task A_silo_is_not_taken_for_that_of_a_later_pod_of_the_same_name()
    {
        await using var cluster = await Cluster.Start();
        await MakePod(cluster, "pod");
        await Join(cluster, "old:1@1", new("pod", "uid-of-an-earlier-pod"));
        await Join(cluster, "new:1@2", new("pod", await Uid(cluster, "pod")));
        await using var orphans = Orphans(cluster);
        Assert.True(await orphans.MoveNextAsync());
        Assert.Equal("old:1@1", orphans.Current);
    }

    private static IAsyncEnumerator<string> Orphans(Cluster cluster) =>
        new PodWatch(cluster.Client, Store(cluster, null), new Random(1), TimeProvider.System, NullLogger.Instance).Orphans(Cancellation)
            .GetAsyncEnumerator(Cancellation);

    private static Task MakePod(Cluster cluster, string name) =>
        cluster.Apply($"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: default, labels: {{app.kubernetes.io/name: orleanslb}}}}, spec: "
            + $"{{containers: [{{name: c, image: i}}]}}}}");

    private static async Task<string> Uid(Cluster cluster, string pod) =>
        (await cluster.Client.Get(ResourceTypes.Pods, "default", pod, Cancellation)).Metadata.Uid!;

    private static async Task Join(Cluster cluster, string silo, PodIdentity? pod)
    {
        var store = Store(cluster, pod);
        await store.Create(Cancellation);
        var read = await store.Read(Cancellation);
        Assert.True(await store.Write(read.Etag, table =>
            table.Insert(new() { Address = silo, Name = "n", Status = "Active", StartTime = new(Now), AliveTime = new(Now) }, read.Version + 1, read.Etag),
                Cancellation));
        await store.Beat(silo, Now, Cancellation);
    }

    private static SiloTableStore Store(Cluster cluster, PodIdentity? pod) =>
        new(cluster.Client, new("default", "orleanslb", "c") { Pod = pod }, TimeProvider.System);
}
