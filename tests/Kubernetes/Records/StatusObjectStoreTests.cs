using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Transport;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records.Statuses;

namespace OrleansLb.Kubernetes.Tests.Records;

public sealed class StatusObjectStoreTests
{
    private static readonly NodeName Node = new("node1");
    private static readonly ServiceName Web = new("default", "web");
    private static readonly ResourceType<CustomObject> Sessions =
        ResourceTypes.Custom(new("orleanslb.io", "v1alpha1", "bgpsessionstatuses", "BGPSessionStatus", false));
    private static readonly ResourceType<CustomObject> ServiceBgp =
        ResourceTypes.Custom(new("metallb.io", "v1beta1", "servicebgpstatuses", "ServiceBGPStatus", true));

    private static readonly PeerStatus Up = new(
        "tor", Address.Parse("192.0.2.254"), PeerState.Established, DateTimeOffset.UnixEpoch, 4200000001, Address.Parse("10.0.0.1"), TimeSpan.FromSeconds(90),
        TimeSpan.FromSeconds(30),
        ["ipv4-unicast", "route-refresh"], 2, "hold timer expired", "4/0", null, default, default, 7, 0, [new("NoNextHop", 3)], 64500);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_shown_with_all_that_an_operator_asks_for()
    {
        await using var cluster = await Cluster.Start();
        await Store(cluster).Put(Session(SessionHealth.Established, Up, ""), Cancellation);
        var shown = (await cluster.Client.Get(Sessions, null, "node1.tor", Cancellation)).Root;
        Assert.Equal(("node1", "tor", "Established"), (shown.Text("status", "node"), shown.Text("status", "peer"), shown.Text("status", "state")));
        Assert.Equal(("192.0.2.254", "4200000001", "90s", "30s"),
            (Text(shown, "address"), Text(shown, "remoteASN"), Text(shown, "holdTime"), Text(shown, "keepaliveTime")));
        Assert.Equal(("7", "2", "4/0"), (Text(shown, "routesAdvertised"), Text(shown, "flaps"), Text(shown, "lastNotificationSent")));
        Assert.Null(Text(shown, "message"));
        Assert.Equal("orleanslb", shown.Text("metadata", "labels", "app.kubernetes.io/managed-by"));
    }

    [Fact]
    public async Task A_session_that_went_down_shows_nothing_of_the_one_that_was()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        await store.Put(Session(SessionHealth.Established, Up, ""), Cancellation);
        await store.Put(Session(SessionHealth.Down, Up with { State = PeerState.Active, RemoteAsn = null, HoldTime = null }, "look at the router"),
            Cancellation);
        var shown = (await cluster.Client.Get(Sessions, null, "node1.tor", Cancellation)).Root;
        Assert.Equal(("Down", "look at the router", null, null),
            (Text(shown, "state"), Text(shown, "message"), Text(shown, "remoteASN"), Text(shown, "holdTime")));
    }

    [Fact]
    public async Task The_rival_s_kind_is_written_with_its_labels_and_again_after_somebody_deleted_it()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        var wanted = new StatusObject.ServiceBgp(Web, Node, ["spine", "tor"]);
        await store.Put(wanted, Cancellation);
        await cluster.Delete(ServiceBgp.Resource, "default", StatusNames.Of(wanted.Subject));
        await store.Put(wanted with { Peers = ["tor"] }, Cancellation);
        var list = await cluster.Client.List(ServiceBgp,
            new() { LabelSelector = "metallb.io/node=node1,metallb.io/service-name=web,metallb.io/service-namespace=default" }, Cancellation);
        var shown = Assert.Single(list.Items!).Root;
        Assert.Equal(("node1", "web", "default"), (Text(shown, "node"), Text(shown, "serviceName"), Text(shown, "serviceNamespace")));
        Assert.StartsWith("bgp-", shown.Text("metadata", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_is_found_by_node_and_what_others_made_is_not()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        var (session, layer2) = (Session(SessionHealth.Down, null, "x"), new StatusObject.ServiceLayer2(Web, Node, ["eth0"]));
        await store.Put(session, Cancellation);
        await store.Put(layer2, Cancellation);
        await store.Put(new StatusObject.ServiceBgp(Web, new("node2"), []), Cancellation);
        await cluster.Apply("""
            apiVersion: metallb.io/v1beta1
            kind: ServiceBGPStatus
            metadata: {name: bgp-x7f2k, namespace: default, labels: {metallb.io/node: node1}}
            status: {node: node1, serviceName: web, serviceNamespace: default}
            """);
        Assert.Equal([session.Subject], await store.Standing(StatusKind.BgpSession, Node, Cancellation));
        Assert.Equal([layer2.Subject], await store.Standing(StatusKind.ServiceLayer2, Node, Cancellation));
        Assert.Empty(await store.Standing(StatusKind.ServiceBgp, Node, Cancellation));
        Assert.Single(await store.Standing(StatusKind.ServiceBgp, null, Cancellation));
        await store.Delete(session.Subject, Cancellation);
        await store.Delete(session.Subject, Cancellation);
        Assert.Empty(await store.Standing(StatusKind.BgpSession, Node, Cancellation));
    }

    [Fact]
    public async Task A_kind_that_the_cluster_lacks_is_passed_over_and_comes_back_with_it()
    {
        await using var cluster = await Cluster.Start();
        var time = new ManualTime();
        var store = new StatusObjectStore(cluster.Client, time);
        var definition = await cluster.Client.Get(ResourceTypes.Definitions, null, "bgpsessionstatuses.orleanslb.io", Cancellation);
        await cluster.Delete(ResourceTypes.Definitions.Resource, null, definition.Metadata.Name);
        await store.Put(Session(SessionHealth.Down, null, "x"), Cancellation);
        Assert.Empty(await store.Standing(StatusKind.BgpSession, Node, Cancellation));
        await cluster.Apply(await File.ReadAllTextAsync(Deploy("crds/orleanslb.io_bgpsessionstatuses.yaml"), Cancellation));
        time.Advance(TimeSpan.FromMinutes(2));
        await store.Put(Session(SessionHealth.Down, null, "x"), Cancellation);
        Assert.Single(await store.Standing(StatusKind.BgpSession, Node, Cancellation));
    }

    [Fact]
    public async Task An_outage_is_told_to_the_caller()
    {
        var cluster = await Cluster.Start();
        using var client = new ApiClient(new ApiTransport(new ClusterConnection(cluster.Client.Server), TimeProvider.System, NullLogger.Instance),
            new KubernetesClientOptions(), TimeProvider.System);
        await cluster.DisposeAsync();
        var store = new StatusObjectStore(client, TimeProvider.System);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => store.Put(Session(SessionHealth.Down, null, "x"), Cancellation));
    }

    [Theory]
    [InlineData("node1", "tor", "node1.tor")]
    [InlineData("a.b", "c", "a.b.c.")]
    [InlineData("a", "b.c", "a.b.c.")]
    [InlineData("node1", "tor/192.0.2.7", "node1.tor.192.0.2.7.")]
    [InlineData("node1", "tor/fd77::7", "node1.tor.fd77--7.")]
    [InlineData("node1", "tor/fd77::", "node1.tor.fd77.")]
    public void No_two_sessions_have_one_name(string node, string peer, string start)
    {
        var name = StatusNames.Of(new(StatusKind.BgpSession, new(node), peer));
        Assert.StartsWith(start, name, StringComparison.Ordinal);
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", name);
        Assert.NotEqual(name, StatusNames.Of(new(StatusKind.BgpSession, new($"{node}.x"), peer)));
    }

    [Fact]
    public void The_two_ways_to_part_a_name_give_two_names() =>
        Assert.NotEqual(StatusNames.Of(new(StatusKind.BgpSession, new("a.b"), "c")), StatusNames.Of(new(StatusKind.BgpSession, new("a"), "b.c")));

    [Fact]
    public void Neighbours_of_a_range_are_found_by_the_label_of_their_peer() =>
        Assert.Contains(("orleanslb.io/peer", "tor"),
            StatusNames.Labels(new StatusObject.BgpSession(new("node1"), "tor/192.0.2.7", SessionHealth.Established, default, null, "")));

    [Fact]
    public void Long_names_fit_a_name_and_a_label()
    {
        var status = Session(SessionHealth.Down, null, "") with { Node = new(new string('n', 200)), Peer = new string('p', 200) };
        var session = new StatusObject.BgpSession(status.Node, status.Peer, SessionHealth.Down, default, null, "");
        Assert.True(StatusNames.Of(session.Subject).Length <= 253);
        Assert.All(StatusNames.Labels(session), label => Assert.True(label.Value.Length <= 63));
    }

    private static StatusObjectStore Store(Cluster cluster) => new(cluster.Client, TimeProvider.System);

    private static StatusObject.BgpSession Session(SessionHealth state, PeerStatus? status, string message) =>
        new(Node, "tor", state, DateTimeOffset.UnixEpoch, status, message);

    private static string? Text(Mapping shown, string field) => ((shown["status"] as Mapping)?[field] as Scalar)?.Written;

    private static string Deploy(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "OrleansLb.sln"))) return Path.Combine(at.FullName, "deploy", file);
        throw new DirectoryNotFoundException("No folder above the tests has OrleansLb.sln.");
    }
}
