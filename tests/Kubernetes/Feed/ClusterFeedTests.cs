using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Feed;

public sealed class ClusterFeedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Configuration_nodes_and_claims_are_told_whole_before_the_services()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("""
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: ours}
            spec: {addresses: [192.0.2.0/28]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: metallb-system}
            ---
            apiVersion: metallb.io/v1beta1
            kind: IPAddressPool
            metadata: {name: theirs, namespace: metallb-system}
            spec: {addresses: [198.51.100.0/28]}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config, namespace: metallb-system}
            data: {config: "address-pools: [{name: old, protocol: layer2, addresses: [203.0.113.0/28]}]"}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n1, labels: {zone: a}}
            """);
        await cluster.Claims.Create(new AddressClaim(Address.Parse("192.0.2.1"), new("ours"), [new ClaimHolder(new("default", "web"), "u")]), Cancellation);
        await cluster.CreateService("web");
        await cluster.CreateService("inside", "ports: [{port: 80}]");
        await using var feed = new FeedReader(cluster.Feed);
        var services = await feed.Next<ClusterChange.ServicesRead>();
        Assert.Collection(
            feed.Told,
            told => Assert.Equal(["old", "ours", "theirs"],
                Assert.IsType<ClusterChange.ConfigurationRead>(told).Declarations.OfType<AddressPool>().Select(pool => pool.Name.Value).Order()),
            told => Assert.Equal("a", Assert.Single(Assert.IsType<ClusterChange.NodesRead>(told).Nodes).Labels["zone"]),
            told => Assert.Equal(Address.Parse("192.0.2.1"), Assert.Single(Assert.IsType<ClusterChange.ClaimsRead>(told).Claims).Address),
            told => Assert.Same(services, told));
        Assert.Equal("default/web", Assert.Single(services.Services).Service.ToString());
    }

    [Fact]
    public async Task Many_services_are_told_in_order_each_with_its_own()
    {
        var names = Enumerable.Range(0, 600).Select(number => $"s{number:000}").ToList();
        await using var cluster = await Cluster.Start();
        await cluster.Apply(string.Join("---\n", names.Select(name => $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{{name}}}, namespace: default, labels: {own: {{{name}}} }}
            spec: {type: LoadBalancer, ports: [{port: 80}]}

            """)));
        await using var feed = new FeedReader(cluster.Feed);
        var told = (await feed.Next<ClusterChange.ServicesRead>()).Services;
        Assert.Equal(names, told.Select(service => service.Service.Name));
        Assert.Equal(names, told.Select(service => service.Labels["own"]));
    }

    [Fact]
    public async Task A_service_is_told_with_its_endpoints_and_gone_when_it_is_deleted()
    {
        await using var cluster = await Cluster.Start();
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.CreateService("web");
        var created = (await feed.Next<ClusterChange.ServiceChanged>()).Service;
        Assert.True(created.IsWanted);
        await cluster.Apply("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            endpoints:
            - {addresses: [10.1.0.1], nodeName: n1}
            - {addresses: [10.1.0.2], nodeName: n1, conditions: {ready: false, serving: true, terminating: true}}
            - {addresses: [10.1.0.3], nodeName: n2, conditions: {ready: false, serving: true, terminating: true}}
            - {addresses: [10.1.0.4], nodeName: n3, conditions: {ready: false, serving: false}}
            """);
        var served = (await feed.Next<ClusterChange.ServiceChanged>()).Service;
        Assert.Equal([("n1", 1), ("n2", 1)], served.Endpoints.Select(endpoint => (endpoint.Node.Value, endpoint.Count)));
        Assert.False(served.EndpointsAwaited);
        await cluster.Delete(ResourceTypes.Services.Resource, "default", "web");
        Assert.Equal(created.Uid, (await feed.Next<ClusterChange.ServiceGone>()).Uid);
    }

    [Theory]
    [InlineData("type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]", true)]
    [InlineData("type: LoadBalancer, ports: [{port: 80}]", false)]
    public async Task A_slice_is_awaited_of_a_service_with_a_selector_until_there_is_one(string spec, bool awaited)
    {
        await using var cluster = await Cluster.Start();
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.CreateService("web", spec);
        Assert.Equal(awaited, (await feed.Next<ClusterChange.ServiceChanged>()).Service.EndpointsAwaited);
        await cluster.Apply("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            endpoints: []
            """);
        if (!awaited) await cluster.CreateService("marker"); // the slice changes nothing
        var told = (await feed.Next<ClusterChange.ServiceChanged>()).Service;
        Assert.Equal((awaited ? "web" : "marker", false), (told.Service.Name, told.EndpointsAwaited));
    }

    [Fact]
    public async Task A_service_that_stops_being_ours_is_told_once_more()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.Client.Patch(ResourceTypes.Services, new("default", "web"),
            Patch.Merge(new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "ClusterIP" } }), Cancellation);
        Assert.False((await feed.Next<ClusterChange.ServiceChanged>()).Service.Wanted);
        await cluster.CreateService("marker");
        Assert.Equal("marker", (await feed.Next<ClusterChange.ServiceChanged>()).Service.Service.Name);
    }

    [Fact]
    public async Task What_changes_nothing_for_us_is_not_told()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("{apiVersion: v1, kind: Node, metadata: {name: n1}}");
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        var before = feed.Told.Count;
        await cluster.Apply("{apiVersion: v1, kind: Node, metadata: {name: n1, annotations: {heartbeat: '1'}}}");
        await cluster.Apply("{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {zone: b}}}");
        Assert.Equal("b", (await feed.Next<ClusterChange.NodeChanged>()).Node.Labels["zone"]);
        Assert.Equal(before + 1, feed.Told.Count);
    }

    [Fact]
    public async Task Labels_of_a_namespace_reach_its_services()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {tier: front}}}");
        Assert.Equal("front", (await feed.Next<ClusterChange.ServiceChanged>()).Service.NamespaceLabels["tier"]);
    }

    [Fact]
    public async Task A_kind_that_appears_is_read_and_one_that_is_removed_is_forgotten()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("{apiVersion: network.kubesphere.io/v1alpha2, kind: Eip, metadata: {name: e}, spec: {address: 192.0.2.1, protocol: bgp}}");
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count > 0);
        var definition = await cluster.Client.Get(ResourceTypes.Custom(ResourceTypes.Definitions.Resource), null, "eips.network.kubesphere.io", Cancellation);
        await cluster.Delete(ResourceTypes.Definitions.Resource, null, "eips.network.kubesphere.io");
        await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count == 0);
        await cluster.Apply(
            System.Text.Encoding.UTF8.GetString(
                new OrleansLb.Kubernetes.Manifests.Mapping([.. definition.Root.Fields.Where(field => field.Name is "apiVersion" or "kind" or "spec"),
                    new("metadata", 0, Name("eips.network.kubesphere.io"))], 0).ToJson()));
        await cluster.Apply("{apiVersion: network.kubesphere.io/v1alpha2, kind: Eip, metadata: {name: again}, spec: {address: 192.0.2.2, protocol: bgp}}");
        var read = await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count > 0);
        Assert.Equal("again", read.Declarations.OfType<AddressPool>().Single().Name.Value);
    }

    [Fact]
    public async Task A_secret_completes_the_peer_that_waits_for_it()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("{apiVersion: orleanslb.io/v1alpha1, kind: BGPPeer, metadata: {name: tor}, spec: {myASN: 64500, peerASN: 64501, peerAddress: "
            + "192.0.2.1, passwordSecret: {name: s, namespace: default}}}");
        await using var feed = new FeedReader(cluster.Feed);
        Assert.Contains("secret ref not found", (await feed.Next<ClusterChange.ConfigurationRead>()).Problems.Single().Message, StringComparison.Ordinal);
        await cluster.Apply("{apiVersion: v1, kind: Secret, type: kubernetes.io/basic-auth, metadata: {name: s, namespace: default}, stringData: "
            + "{username: u, password: hush}}");
        var read = await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count > 0);
        Assert.Equal("hush", read.Declarations.OfType<BgpPeer>().Single().Password!.Value.Value);
        Assert.Empty(read.Problems);
    }

    [Fact]
    public async Task A_secret_that_changes_changes_its_peer_alone_and_one_that_goes_leaves_what_was_live()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Password("before"));
        await cluster.Apply("{apiVersion: orleanslb.io/v1alpha1, kind: BGPPeer, metadata: {name: tor}, spec: {myASN: 64500, peerASN: 64501, peerAddress: "
            + "192.0.2.1, passwordSecret: {name: s, namespace: default}}}");
        await cluster.Apply(
            "{apiVersion: orleanslb.io/v1alpha1, kind: BGPPeer, metadata: {name: spine}, spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.0.2.2}}");
        await using var feed = new FeedReader(cluster.Feed);
        var first = await feed.Next<ClusterChange.ConfigurationRead>(); // not before the secrets were read: a session would end for nothing
        Assert.Empty(first.Problems);
        var before = Peers(first);
        Assert.Equal(["spine", "tor"], before.Keys.Order(StringComparer.Ordinal));

        await cluster.Apply(Password("after"));
        var changed = await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count == 2 && Peers(read)["tor"].Password?.Value == "after");
        Assert.Equal([before["spine"], before["tor"] with { Password = new("after") }],
            Peers(changed).Values.OrderBy(peer => peer.Name, StringComparer.Ordinal));

        await cluster.Delete(ResourceTypes.Secrets.Resource, "default", "s");
        var gone = await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count == 1);
        Assert.Equal("spine", Peers(gone).Keys.Single());
        Assert.Equal("tor", gone.Unreadable.Single().Name); // so that what it declared before stays live
        Assert.Contains("default/s; the peer waits for that Secret; a session that had its password keeps it", gone.Problems.Single().Message,
            StringComparison.Ordinal);

        static string Password(string password) =>
            $"{{apiVersion: v1, kind: Secret, type: kubernetes.io/basic-auth, metadata: {{name: s, namespace: default}}, stringData: {{username: "
                + $"u, password: {password}}}}}";
        static Dictionary<string, BgpPeer> Peers(ClusterChange.ConfigurationRead read) => read.Declarations.OfType<BgpPeer>().ToDictionary(peer => peer.Name);
    }

    [Fact]
    public async Task A_claim_that_was_made_by_hand_is_a_reservation()
    {
        await using var cluster = await Cluster.Start();
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.Apply("{apiVersion: orleanslb.io/v1alpha1, kind: AddressClaim, metadata: {name: 192.0.2.9}, spec: {address: 192.0.2.9, "
            + "reservation: {namespace: shop}}}");
        Assert.Equal(new Reservation("shop", null), (await feed.Next<ClusterChange.ClaimChanged>()).Claim.Reserved);
        await cluster.Delete(ResourceTypes.AddressClaims.Resource, null, "192.0.2.9");
        Assert.Equal(Address.Parse("192.0.2.9"), (await feed.Next<ClusterChange.ClaimGone>()).Claim.Address);
    }

    [Fact]
    public async Task A_restart_of_the_api_loses_and_repeats_nothing()
    {
        var data = Directory.CreateTempSubdirectory("api");
        try
        {
            await using var cluster = await Cluster.Start(data.FullName);
            await cluster.CreateService("before");
            await using var feed = new FeedReader(cluster.Feed);
            await feed.Next<ClusterChange.ServicesRead>();
            var told = feed.Told.Count;
            await cluster.Restart(data.FullName);
            await cluster.CreateService("after");
            Assert.Equal("after", (await feed.Next<ClusterChange.ServiceChanged>()).Service.Service.Name);
            Assert.Equal(told + 1, feed.Told.Count);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_api_that_comes_back_empty_is_believed()
    {
        await using var cluster = await Cluster.Start();
        for (var i = 0; i < 20; i++) await cluster.CreateService($"lost-{i}");
        await using var feed = new FeedReader(cluster.Feed);
        await feed.Next<ClusterChange.ServicesRead>();
        await cluster.Restart(data: null);
        for (var i = 0; i < 20; i++) await feed.Next<ClusterChange.ServiceGone>();
        await cluster.CreateService("new");
        Assert.Equal("new", (await feed.Next<ClusterChange.ServiceChanged>()).Service.Service.Name);
    }

    private static OrleansLb.Kubernetes.Manifests.Mapping Name(string name) =>
        new([new("name", 0, new OrleansLb.Kubernetes.Manifests.Scalar(name, OrleansLb.Kubernetes.Manifests.ScalarKind.String, 0))], 0);
}
