using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Routes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Routes;

public class NodeRoutesTests
{
    private static readonly PoolName Pool = new("pool");
    private static readonly NodeName Here = new("here");
    private static readonly NodeName There = new("there");

    [Fact]
    public void A_change_of_one_service_sends_one_prefix()
    {
        var routes = Routes(Advertisement("all"));
        routes.Put(Service("a", "192.0.2.1"));
        var change = routes.Put(Service("b", "192.0.2.2"));
        Assert.Equal(["192.0.2.2/32"], change.Announce.Select(route => route.Prefix.ToString()));
        Assert.Empty(change.Withdraw);
        Assert.True(routes.Put(Service("b", "192.0.2.2")).IsEmpty);
    }

    [Fact]
    public void An_aggregate_stays_while_one_member_lives()
    {
        var routes = Routes(Advertisement("net") with { AggregationLength = 24 });
        Assert.Equal(["192.0.2.0/24"], routes.Put(Service("a", "192.0.2.1")).Announce.Select(route => route.Prefix.ToString()));
        Assert.True(routes.Put(Service("b", "192.0.2.2")).IsEmpty);
        Assert.True(routes.Remove(new("default", "a")).IsEmpty);
        Assert.Equal(["192.0.2.0/24"], routes.Remove(new("default", "b")).Withdraw.Select(prefix => prefix.ToString()));
        Assert.Empty(routes.All);
    }

    [Fact]
    public void The_seed_s_two_advertisements_give_a_host_route_with_attributes_and_a_plain_aggregate()
    {
        var host = Advertisement("host") with { LocalPref = 100, Communities = [new Community.Named("no-advertise")] };
        var routes = Routes(host, Advertisement("net") with { AggregationLength = 24 });
        routes.Put(Service("a", "198.51.100.7"));
        var (net, single) = (routes.All.First(), routes.All.Last());
        Assert.Equal("198.51.100.0/24", net.Prefix.ToString());
        Assert.Equal(new RouteAttributes(null, null, [], null), net.Towards("any"));
        Assert.Equal("198.51.100.7/32", single.Prefix.ToString());
        Assert.Equal(new RouteAttributes(100, null, [new Community.Standard(0xFFFFFF02)], null), single.Towards("any"));
    }

    [Fact]
    public void Advertisements_of_one_prefix_unite_their_communities_towards_the_peers_that_both_name()
    {
        var one = Advertisement("one") with { Communities = [new Community.Standard(2)], LocalPref = 100, Med = 9 };
        var two = Advertisement("two") with { Communities = [new Community.Standard(1)], LocalPref = 200, Peers = ["p"] };
        var route = Assert.Single(Routes(one, two).Put(Service("a", "192.0.2.1")).Announce);
        Assert.Equal(new RouteAttributes(200, 9, [new Community.Standard(1), new Community.Standard(2)], null), route.Towards("p"));
        Assert.Equal(new RouteAttributes(100, 9, [new Community.Standard(2)], null), route.Towards("q"));
    }

    [Fact]
    public void A_route_reaches_only_the_peers_that_its_advertisement_names() =>
        Assert.Null(Assert.Single(Routes(Advertisement("one") with { Peers = ["p"] }).Put(Service("a", "192.0.2.1")).Announce).Towards("q"));

    public static TheoryData<RoutableService, NodeView, Reason> Hindrances => new()
    {
        { Service("a", "192.0.2.1"), View(), Reason.None },
        { Service("a", "192.0.2.1") with { Endpoints = [], EndpointsElsewhere = 1 }, View(), Reason.None },
        { Service("a", "192.0.2.1") with { Endpoints = [] }, View(), Reason.NoEndpoint },
        { Service("a", "192.0.2.1") with { TrafficPolicy = TrafficPolicy.Local }, View(), Reason.None },
        { Service("a", "192.0.2.1") with { TrafficPolicy = TrafficPolicy.Local, Endpoints = [new(There, 1)] }, View(), Reason.NoLocalEndpoint },
        { Service("a", "192.0.2.1"), View() with { Draining = true }, Reason.NodeDraining },
        { Service("a", "192.0.2.1"), View(facts => facts with { Excluded = true }), Reason.NodeExcluded },
        { Service("a", "192.0.2.1"), View(facts => facts with { NetworkUnavailable = true }), Reason.NodeNetworkUnavailable },
        { Service("a", "192.0.2.1"), View(facts => facts with { Ready = false }), Reason.None },
    };

    [Theory, MemberData(nameof(Hindrances))]
    public void A_node_announces_unless_something_hinders(RoutableService service, NodeView node, Reason expected)
    {
        Assert.Equal(expected, RouteRules.Hindrance(service, node));
        Assert.Equal(expected == Reason.None, !new NodeRoutes(node, Configuration(Advertisement("all"))).Put(service).IsEmpty);
    }

    [Fact]
    public void Selectors_decide_by_pool_node_and_service()
    {
        LabelSelector rack = new([new("rack", LabelOperator.In, ["1"])]);
        Assert.True(Routes(Advertisement("other") with { Pools = [new("other")] }).Put(Service("a", "192.0.2.1")).IsEmpty);
        Assert.True(Routes(Advertisement("rack") with { NodeSelectors = [rack] }).Put(Service("a", "192.0.2.1")).IsEmpty);
        Assert.True(Routes(Advertisement("svc") with { ServiceSelectors = [rack] }).Put(Service("a", "192.0.2.1")).IsEmpty);
        var labelled = Service("a", "192.0.2.1") with { Labels = Labels.Of([new("rack", "1")]) };
        Assert.False(Routes(Advertisement("svc") with { ServiceSelectors = [rack] }).Put(labelled).IsEmpty);
        Assert.False(Routes(Advertisement("pool") with { PoolSelectors = [new([new("tier", LabelOperator.Exists, [])])] }).Put(Service("a", "192.0.2.1"))
            .IsEmpty);
    }

    [Fact]
    public void A_new_configuration_changes_only_the_prefixes_that_it_concerns()
    {
        RoutableService[] services = [Service("a", "192.0.2.1"), Service("b", "198.51.100.1")];
        var before = Filled(Configuration(Advertisement("all")), services);
        var after = Filled(Configuration(Advertisement("all") with { LocalPref = 5 }), services[..1]);
        var change = before.To(after);
        Assert.Equal(["192.0.2.1/32"], change.Announce.Select(route => route.Prefix.ToString()));
        Assert.Equal(["198.51.100.1/32"], change.Withdraw.Select(prefix => prefix.ToString()));
        Assert.True(after.To(Filled(Configuration(Advertisement("all") with { LocalPref = 5 }), services[..1])).IsEmpty);
    }

    [Fact]
    public void A_weighted_route_bears_the_number_of_local_endpoints()
    {
        var service = Service("a", "192.0.2.1") with { Endpoints = [new(Here, 3), new(There, 1)] };
        var route = Assert.Single(Routes(Advertisement("all") with { WeightByEndpoints = true }).Put(service).Announce);
        Assert.Equal(3, route.Towards("any")!.Weight);
    }

    /// <summary>The same services in any order and after any detours leave the same routes.</summary>
    [Fact]
    public void Routes_depend_on_what_is_held_and_not_on_how_it_came()
    {
        var configuration = Configuration(Advertisement("host"), Advertisement("net") with { AggregationLength = 28 });
        var random = new Random(4271);
        var services = Enumerable.Range(0, 60).Select(i => Service($"s{i}", $"192.0.2.{i}")).ToArray();
        var detours = new NodeRoutes(View(), configuration);
        foreach (var service in services.Concat(services).OrderBy(_ => random.Next())) detours.Put(service);
        foreach (var service in services[30..].OrderBy(_ => random.Next())) detours.Remove(service.Service);
        Assert.Equal(Filled(configuration, services[..30]).All, detours.All);
    }

    private static NodeRoutes Filled(ClusterConfiguration configuration, IEnumerable<RoutableService> services)
    {
        var routes = new NodeRoutes(View(), configuration);
        foreach (var service in services) routes.Put(service);
        return routes;
    }

    private static NodeRoutes Routes(params BgpAdvertisement[] advertisements) => new(View(), Configuration(advertisements));

    private static ClusterConfiguration Configuration(params BgpAdvertisement[] advertisements) => ClusterConfiguration.Empty with
    {
        Pools = [new AddressPool(Source("pool"), default, Pool, [AddressRange.Parse("192.0.2.0/24")], Labels.Of([new("tier", "front")]), PoolScope.Everyone)],
        BgpAdvertisements = advertisements.ToEquatableList(),
    };

    private static BgpAdvertisement Advertisement(string name) => new(Source(name), default, name, [], [], [], [], [], 32, 128, null, []);

    private static ObjectReference Source(string name) => new("orleanslb.io/v1alpha1", "BGPAdvertisement", "", name);

    private static RoutableService Service(string name, string address) =>
        new(new("default", name), [new(Address.Parse(address), Pool)], Labels.None, TrafficPolicy.Cluster, [new(Here, 1)], 0);

    private static NodeView View(Func<NodeFacts, NodeFacts>? change = null)
    {
        NodeFacts facts = new(Here, Labels.None, true, false, false, false, []);
        return new(Here, change?.Invoke(facts) ?? facts, NodeLinks.None, true, false, default, 0);
    }
}
