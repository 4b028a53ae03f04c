using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records.Statuses;

namespace OrleansLb.Kubernetes.Tests.Records;

public sealed class StatusTests
{
    private const string Pools = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: metallb-system}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: ours}
        spec: {addresses: ["192.0.2.0/24", "2001:db8::/64"]}
        ---
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: theirs, namespace: metallb-system}
        spec: {addresses: [198.51.100.0/30]}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: eip}
        spec: {address: 203.0.113.1-203.0.113.2, protocol: layer2, interface: eth0}
        """;

    private static readonly ApiResource States = new("metallb.io", "v1beta1", "configurationstates", "ConfigurationState", Namespaced: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_pool_shows_its_counts_and_that_it_is_ready()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        var writer = new PoolStatusWriter(cluster.Client, TimeProvider.System, NullLogger<PoolStatusWriter>.Instance);
        var report = await Report(cluster, "addresspools", "ours", null, ["192.0.2.1", "2001:db8::1"]);
        await writer.Write(report, Cancellation);
        var pool = await Read(cluster, "addresspools", null, "ours");
        Assert.Equal(("1", "255", "1", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (At(pool, "assignedIPv4"), At(pool, "availableIPv4"), At(pool, "assignedIPv6"), At(pool, "availableIPv6")));
        Assert.Equal(("Ready", "True", "1"), (Condition(pool, 0, "type"), Condition(pool, 0, "status"), Condition(pool, 0, "observedGeneration")));
        var (version, since) = (pool.Metadata.ResourceVersion, Condition(pool, 0, "lastTransitionTime"));
        await writer.Write(report, Cancellation);
        pool = await Read(cluster, "addresspools", null, "ours");
        Assert.Equal((version, since), (pool.Metadata.ResourceVersion, Condition(pool, 0, "lastTransitionTime")));
    }

    [Fact]
    public async Task Counts_and_verdict_stand_in_one_status_and_neither_removes_the_other()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        var report = await Report(cluster, "addresspools", "ours", null, []);
        var verdicts = new ConfigurationStatusWriter(cluster.Client, TimeProvider.System, NullLogger<ConfigurationStatusWriter>.Instance);
        await verdicts.Write(new([new(report.Object, Accepted: false, Live: false, Reason.ConfigurationRefused, "wrong.")], []), Cancellation);
        var pool = await Read(cluster, "addresspools", null, "ours");
        Assert.Equal((("Accepted", "False"), ("Ready", "False")),
            ((Condition(pool, 0, "type"), Condition(pool, 0, "status")), (Condition(pool, 1, "type"), Condition(pool, 1, "status"))));

        await new PoolStatusWriter(cluster.Client, TimeProvider.System, NullLogger<PoolStatusWriter>.Instance).Write(report, Cancellation);
        await verdicts.Write(new([new(report.Object, Accepted: true, Live: true, Reason.ConfigurationAccepted, "it is live.")], []), Cancellation);
        pool = await Read(cluster, "addresspools", null, "ours");
        Assert.Equal((("Accepted", "True"), ("Ready", "True")),
            ((Condition(pool, 0, "type"), Condition(pool, 0, "status")), (Condition(pool, 1, "type"), Condition(pool, 1, "status"))));
        Assert.Equal("256", At(pool, "availableIPv4"));
    }

    [Fact]
    public async Task The_rivals_pools_show_what_the_rivals_show()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        var writer = new PoolStatusWriter(cluster.Client, TimeProvider.System, NullLogger<PoolStatusWriter>.Instance);
        await writer.Write(await Report(cluster, "ipaddresspools", "theirs", "metallb-system", ["198.51.100.1"]), Cancellation);
        var metal = await Read(cluster, "ipaddresspools", "metallb-system", "theirs");
        Assert.Equal(("1", "3", "0", "0"), (At(metal, "assignedIPv4"), At(metal, "availableIPv4"), At(metal, "assignedIPv6"), At(metal, "availableIPv6")));

        await writer.Write(await Report(cluster, "eips", "eip", null, ["203.0.113.1", "203.0.113.2"]), Cancellation);
        var full = await Read(cluster, "eips", null, "eip");
        Assert.Equal(("true", "2", "2", "203.0.113.1", "203.0.113.2", "true", "true"),
            (At(full, "occupied"), At(full, "usage"), At(full, "poolSize"), At(full, "firstIP"), At(full, "lastIP"), At(full, "ready"), At(full, "v4")));
        Assert.Equal("""{"203.0.113.1":"web/a;web/b","203.0.113.2":"web/a;web/b"}""", Json(full, "used"));

        await writer.Write(await Report(cluster, "eips", "eip", null, ["203.0.113.2"]), Cancellation);
        var free = await Read(cluster, "eips", null, "eip");
        Assert.Equal(("false", "1", """{"203.0.113.2":"web/a;web/b"}"""), (At(free, "occupied"), At(free, "usage"), Json(free, "used")));
    }

    [Fact]
    public async Task An_object_that_was_replaced_by_a_namesake_is_left_alone()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        var report = await Report(cluster, "ipaddresspools", "theirs", "metallb-system", ["198.51.100.1"]);
        await new PoolStatusWriter(cluster.Client, TimeProvider.System, NullLogger<PoolStatusWriter>.Instance)
            .Write(report with { Object = report.Object with { Uid = "another" } }, Cancellation);
        Assert.Null((await Read(cluster, "ipaddresspools", "metallb-system", "theirs")).Root["status"]);
    }

    [Fact]
    public async Task Announcements_stand_where_the_rival_has_them_and_go_with_the_node()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        await cluster.Apply("apiVersion: v1\nkind: Node\nmetadata: {name: node1}\n");
        var store = new StatusObjectStore(cluster.Client, TimeProvider.System);
        var wanted = new StatusObject.ServiceLayer2(new("default", "web"), new("node1"), ["eth0"]);
        await store.Put(wanted, Cancellation);
        var type = StatusKinds.TypeOf(StatusKind.ServiceLayer2);
        var shown = Assert.Single((await cluster.Client.List(type, new(), Cancellation)).Items!);
        Assert.Equal("metallb-system", shown.Metadata.Namespace);
        var owner = Assert.IsType<Mapping>(Assert.Single(Assert.IsType<Sequence>(((Mapping)shown.Root["metadata"]!)["ownerReferences"]).Items));
        Assert.Equal(("Node", "node1"), (owner.Text("kind"), owner.Text("name")));

        var later = new StatusObjectStore(cluster.Client, TimeProvider.System);
        Assert.Equal([wanted.Subject], await later.Standing(StatusKind.ServiceLayer2, null, Cancellation));
        await later.Delete(wanted.Subject, Cancellation);
        Assert.Empty((await cluster.Client.List(type, new(), Cancellation)).Items!);
    }

    [Fact]
    public async Task Each_node_has_its_entry_in_the_status_of_OpenELB_s_peer_and_takes_its_own_away_alone()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("""
            apiVersion: network.kubesphere.io/v1alpha2
            kind: BgpPeer
            metadata: {name: tor}
            spec: {conf: {peerAs: 64501, neighborAddress: 203.0.113.1, authPassword: secret}}
            ---
            apiVersion: network.kubesphere.io/v1alpha2
            kind: BgpConf
            metadata: {name: default}
            spec: {as: 64500}
            """);
        var store = new StatusObjectStore(cluster.Client, TimeProvider.System);
        var since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var up = new PeerStatus("tor", Address.Parse("203.0.113.1"), PeerState.Established, since, 64501, Address.Parse("10.9.9.9"), TimeSpan.FromSeconds(90),
            TimeSpan.FromSeconds(30), [], 2, null, null, null, default, default, 1, 0, [], 64500, LocalId: Address.Parse("10.0.0.1"));
        StatusObject.OpenElbPeer one = new(new("node1"), "tor", SessionHealth.Established, since, up), two = one with { Node = new("node2") };
        StatusObject.OpenElbConf conf = new(new("node1"), 64500, Address.Parse("10.0.0.1"));
        foreach (var status in (StatusObject[])[one, two, conf]) await store.Put(status, Cancellation);
        const string established = """
            {"peerState":{"adminState":"UP","flops":2,"localAs":64500,"neighborAddress":"203.0.113.1","peerAs":64501,"peerType":1,"routerId":"10.9.9.9",
            "sessionState":"ESTABLISHED"},"timersState":{"keepaliveInterval":"30","negotiatedHoldTime":"90","uptime":"2026-01-02T03:04:05Z"}}
            """;
        await Shows(StatusKind.OpenElbPeer, "tor", "nodesPeerStatus", $$"""{"node1":{{established}},"node2":{{established}}}""");
        await Shows(StatusKind.OpenElbConf, "default", "nodesConfStatus", """{"node1":{"as":64500,"routerId":"10.0.0.1"}}""");

        await store.Put(one with { Health = SessionHealth.Down, Status = up with { State = PeerState.Active, RemoteAsn = null, RemoteId = null, HoldTime = null,
            KeepaliveTime = null, Flaps = 3 } }, Cancellation);
        await Shows(StatusKind.OpenElbPeer, "tor", "nodesPeerStatus", $$$"""
            {"node1":{"peerState":{"adminState":"UP","flops":3,"localAs":64500,"neighborAddress":"203.0.113.1","sessionState":"ACTIVE"},
            "timersState":{"downtime":"2026-01-02T03:04:05Z"}},"node2":{{{established}}}}
            """);

        Assert.Equal([one.Subject, two.Subject], await store.Standing(StatusKind.OpenElbPeer, null, Cancellation));
        await store.Delete(one.Subject, Cancellation);
        Assert.Equal([two.Subject], await store.Standing(StatusKind.OpenElbPeer, null, Cancellation));
        Assert.Empty(await store.Standing(StatusKind.OpenElbPeer, one.Node, Cancellation));
        await store.Delete(new(StatusKind.OpenElbPeer, new("node1"), "nobody"), Cancellation);

        async Task Shows(StatusKind kind, string name, string field, string expected)
        {
            var shown = Json(await cluster.Client.Get(StatusKinds.TypeOf(kind), null, name, Cancellation), field);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(shown)), shown);
        }
    }

    [Fact]
    public async Task A_wrong_object_of_the_rival_makes_its_configuration_state_invalid_until_it_is_mended()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        var writer = new ConfigurationStatusWriter(cluster.Client, TimeProvider.System, NullLogger<ConfigurationStatusWriter>.Instance);
        var pool = new ObjectReference("metallb.io/v1beta1", "IPAddressPool", "metallb-system", "theirs");
        await writer.Write(new([new(pool, false, false, Reason.ConfigurationRefused, "spec.addresses[0]: invalid CIDR.")], [new("node1")]), Cancellation);
        foreach (var name in (string[])["controller", "speaker-node1"])
        {
            var state = await Read(cluster, "configurationstates", "metallb-system", name);
            Assert.Equal(("Invalid", "IPAddressPool metallb-system/theirs: spec.addresses[0]: invalid CIDR."),
                (At(state, "result"), At(state, "errorSummary")));
            Assert.Equal(("configReconcilerValid", "False", "ConfigurationError"),
                (Condition(state, 0, "type"), Condition(state, 0, "status"), Condition(state, 0, "reason")));
        }
        await writer.Write(new([new(pool, true, true, Reason.ConfigurationAccepted, "it is live.")], []), Cancellation);
        var left = await cluster.Client.List(ResourceTypes.Custom(States), new(), Cancellation);
        Assert.Equal(("controller", "Valid"), (Assert.Single(left.Items!).Metadata.Name, At(left.Items![0], "result")));
    }

    [Fact]
    public async Task The_rival_s_own_configuration_state_is_left_alone()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        await cluster.Apply("apiVersion: metallb.io/v1beta1\nkind: ConfigurationState\nmetadata: {name: controller, namespace: metallb-system, labels: "
            + "{metallb.io/component-type: controller}}\n");
        await new ConfigurationStatusWriter(cluster.Client, TimeProvider.System, NullLogger<ConfigurationStatusWriter>.Instance)
            .Write(new([], []), Cancellation);
        Assert.Null((await Read(cluster, "configurationstates", "metallb-system", "controller")).Root["status"]);
    }

    /// <summary>MetalLB's own goes with its pod, when MetalLB is removed.</summary>
    [Fact]
    public async Task A_configuration_state_that_was_deleted_stands_again_at_the_next_look()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Pools);
        await cluster.Apply("apiVersion: metallb.io/v1beta1\nkind: ConfigurationState\nmetadata: {name: controller, namespace: metallb-system}\n");
        var writer = new ConfigurationStatusWriter(cluster.Client, TimeProvider.System, NullLogger<ConfigurationStatusWriter>.Instance);
        var report = new ConfigurationReport([], [new("node1")]);
        await writer.Write(report, Cancellation);
        foreach (var name in (string[])["controller", "speaker-node1"]) await cluster.Client.Delete(States, new("metallb-system", name), default, Cancellation);
        await writer.Write(report, Cancellation);
        foreach (var name in (string[])["controller", "speaker-node1"])
            Assert.Equal("Valid", At(await Read(cluster, "configurationstates", "metallb-system", name), "result"));
    }

    private static async Task<PoolReport> Report(Cluster cluster, string plural, string name, string? ns, string[] held)
    {
        var item = await Read(cluster, plural, ns, name);
        var source = ConfigurationObject.Of(item.Root).Reference;
        var ranges = item.Root["spec"] is Mapping spec && spec["addresses"] is Sequence list
            ? [.. list.Items.Select(range => ((Scalar)range).Text)]
            : new[] { item.Root.Text("spec", "address")! };
        return ReportOf(source, ranges, held);
    }

    private static PoolReport ReportOf(ObjectReference source, string[] ranges, string[] held)
    {
        var book = new PoolBook(new(source.Name));
        book.Configure(new AddressPool(source, default, new(source.Name), ranges.Select(AddressRange.Parse).ToEquatableList(), Labels.None,
            PoolScope.Everyone));
        foreach (var address in held) book.Put(new(Address.Parse(address), new(source.Name), [new(new("web", "a"), "1"), new(new("web", "b"), "2")], "key"));
        return PoolReport.Of(book)!;
    }

    private static Task<CustomObject> Read(Cluster cluster, string plural, string? ns, string name)
    {
        var resource = DialectCatalog.Resources.Append(States).First(resource => resource.Plural == plural);
        return cluster.Client.Get(ResourceTypes.Custom(resource), ns, name, Cancellation);
    }

    private static string? At(CustomObject item, string field) => ((item.Root["status"] as Mapping)?[field] as Scalar)?.Text;

    private static string Json(CustomObject item, string field) => System.Text.Encoding.UTF8.GetString(((Mapping)item.Root["status"]!)[field]!.ToJson());

    private static string? Condition(CustomObject item, int index, string field) =>
        ((((item.Root["status"] as Mapping)?["conditions"] as Sequence)?.Items[index] as Mapping)?[field] as Scalar)?.Text;
}
