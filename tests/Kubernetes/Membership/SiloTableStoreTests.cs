using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Leases;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Kubernetes.Tests.Client;

namespace OrleansLb.Kubernetes.Tests.Membership;

public sealed class SiloTableStoreTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_silos_may_make_the_table_at_once()
    {
        await using var cluster = await Cluster.Start();
        var stores = Enumerable.Range(0, 8).Select(_ => Store(cluster)).ToList();
        await Task.WhenAll(stores.Select(store => store.Create(Cancellation)));
        var table = await stores[0].Read(Cancellation);
        Assert.Equal((0, 0), (table.Version, table.Rows.Count));
        Assert.NotEmpty(table.Etag);
    }

    [Fact]
    public async Task Of_two_that_write_on_the_same_read_one_wins_and_the_other_changes_nothing()
    {
        await using var cluster = await Cluster.Start();
        var (one, two) = (Store(cluster), Store(cluster));
        await one.Create(Cancellation);
        var etag = (await one.Read(Cancellation)).Etag;
        Assert.Equal(etag, (await two.Read(Cancellation)).Etag);

        Assert.True(await one.Write(etag, table => table.Insert(Row("a:1@1"), 1, etag), Cancellation));
        Assert.False(await two.Write(etag, table => table.Insert(Row("b:1@1"), 1, etag), Cancellation));

        var table = await two.Read(Cancellation);
        Assert.Equal(1, table.Version);
        Assert.Equal("a:1@1", Assert.Single(table.Rows).Address);
    }

    [Fact]
    public async Task A_heartbeat_changes_neither_version_nor_etag_and_is_read_with_its_row()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        await store.Create(Cancellation);
        await Insert(store, Row("a:1@1"));
        var before = await store.Read(Cancellation);
        await store.Beat("a:1@1", Now.AddSeconds(1), Cancellation);
        await store.Beat("a:1@1", Now.AddSeconds(7), Cancellation);
        var after = await store.Read(Cancellation);
        Assert.Equal((before.Version, before.Etag), (after.Version, after.Etag));
        Assert.Equal(Now.AddSeconds(7), Assert.Single(after.Rows).AliveTime.Value);
    }

    [Fact]
    public async Task What_people_note_on_the_object_stays()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        await store.Create(Cancellation);
        var path = new ObjectPath("default", store.Name);
        await cluster.Client.Patch(SiloClusterObject.Type, path,
            Patch.Merge(
                new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["labels"] = new System.Text.Json.Nodes.JsonObject { ["team"] = "net" } } }),
                    Cancellation);
        await Insert(store, Row("a:1@1"));
        var stands = await cluster.Client.Get(SiloClusterObject.Type, "default", store.Name, Cancellation);
        Assert.Equal("net", stands.Metadata.Labels?["team"]);
    }

    [Fact]
    public async Task Pruning_removes_the_defunct_and_their_leases_and_no_others()
    {
        await using var cluster = await Cluster.Start();
        var (store, other) = (Store(cluster), Store(cluster, "other"));
        await store.Create(Cancellation);
        await other.Create(Cancellation);
        await Insert(store, Row("dead:1@1") with { Status = "Dead" });
        await Insert(store, Row("live:1@1"));
        foreach (var silo in (string[])["dead:1@1", "live:1@1", "stray:1@1"]) await store.Beat(silo, Now, Cancellation);
        await store.Beat("young:1@1", Now.AddHours(2), Cancellation);
        await other.Beat("dead:1@1", Now, Cancellation);

        await store.Prune(row => row.Status == "Dead", Now.AddHours(1), Cancellation);

        Assert.Equal("live:1@1", Assert.Single((await store.Read(Cancellation)).Rows).Address);
        var leases = (await cluster.Client.List(LeaseObject.Type, new(), Cancellation)).Items ?? [];
        Assert.Equal(["dead:1@1", "live:1@1", "young:1@1"], leases.Select(lease => lease.Spec!.HolderIdentity).Order());
    }

    [Fact]
    public async Task Two_clusters_in_one_namespace_do_not_see_each_other()
    {
        await using var cluster = await Cluster.Start();
        var (one, two) = (Store(cluster, "one"), Store(cluster, "two"));
        await one.Create(Cancellation);
        await two.Create(Cancellation);
        await Insert(one, Row("a:1@1"));
        await one.Beat("a:1@1", Now, Cancellation);
        Assert.Empty((await two.Read(Cancellation)).Rows);
        await two.Delete("two", Cancellation);
        Assert.Single((await one.Read(Cancellation)).Rows);
    }

    [Fact]
    public async Task An_object_of_another_cluster_under_the_name_is_not_taken_for_ours()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("{apiVersion: orleanslb.io/v1alpha1, kind: SiloCluster, metadata: {name: c.orleanslb, namespace: default}, spec: {serviceId: s, "
            + "clusterId: d, version: 0}}");
        await Assert.ThrowsAsync<RecordUnavailableException>(() => Store(cluster).Read(Cancellation));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named_with_the_rule_to_add()
    {
        await using var api = await TestApi.Start(context =>
            context.Refuse(403, "Forbidden", "User \\\"lb\\\" cannot get resource \\\"siloclusters\\\" in API group \\\"orleanslb.io\\\""));
        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => Store(api.Client()).Create(Cancellation));
        Assert.Contains("""add to the Role of its service account in namespace default the rule {apiGroups: ["orleanslb.io"], resources: [siloclusters], verbs: [get]}""", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_was_deleted_is_an_outage_and_not_an_empty_cluster()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        await store.Create(Cancellation);
        await store.Delete("c", Cancellation);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => store.Read(Cancellation));
    }

    [Fact]
    public async Task A_silent_api_is_given_up_in_time()
    {
        var asked = new TaskCompletionSource();
        await using var api = await TestApi.Start(async context =>
        {
            asked.TrySetResult();
            await context.RequestAborted.Cancelled();
        });
        var time = new ManualTime();
        var reading = Store(api.Client(), time).Read(Cancellation);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => reading);
    }

    private static async Task Insert(SiloTableStore store, SiloRow row)
    {
        var read = await store.Read(Cancellation);
        Assert.True(await store.Write(read.Etag, table => table.Insert(row, read.Version + 1, read.Etag), Cancellation));
    }

    private static SiloTableStore Store(Cluster cluster, string id = "c") => new(cluster.Client, new("default", "orleanslb", id), TimeProvider.System);

    private static SiloTableStore Store(ApiClient client, TimeProvider? time = null) =>
        new(client, new("default", "orleanslb", "c"), time ?? TimeProvider.System);

    private static SiloRow Row(string address) =>
        new() { Address = address, Name = "node1", HostName = "node1", Status = "Active", StartTime = new(Now), AliveTime = new(Now) };
}
