using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Election;

public sealed class ElectorTests
{
    private static readonly Candidacy Service = Given.Candidacy("192.0.2.10");

    public static IEnumerable<TheoryDataRow<NodeView, Reason>> Unfit =>
    [
        new(Given.Node("a") with { Alive = false }, Reason.NodeDead),
        new(Given.Node("a") with { Draining = true }, Reason.NodeDraining),
        new(With(facts => facts with { Excluded = true }), Reason.NodeExcluded),
        new(With(facts => facts with { NetworkUnavailable = true }), Reason.NodeNetworkUnavailable),
        new(Given.Node("a", "198.51.100.0/24"), Reason.NoInterface),
        new(Given.Node("a") with { Links = NodeLinks.None }, Reason.NoInterface),
    ];

    [Theory, MemberData(nameof(Unfit))]
    public void A_node_that_is_unfit_is_rejected_with_the_reason(NodeView node, Reason expected)
    {
        var result = Elector.Elect(Service, Given.View(node, Given.Node("b")));
        Assert.Equal("b", result.Announcer!.Node.Value);
        Assert.Equal(("node a", expected), (result.Rejected[0].What, result.Rejected[0].Reason));
        Assert.Equal((null, expected), (Elector.Elect(Service, Given.View(node)).Announcer, Elector.Elect(Service, Given.View(node)).Reason));
    }

    [Fact]
    public void A_node_that_the_api_does_not_know_may_announce() =>
        Assert.Equal("a", Elect(Service, Given.Node("a") with { Facts = null }));

    public static IEnumerable<TheoryDataRow<NodeView>> Doubtful =>
        [new(With(facts => facts with { Ready = false })), new(With(facts => facts with { Draining = true }))];

    [Theory, MemberData(nameof(Doubtful))]
    public void A_doubtful_node_announces_only_where_no_other_can(NodeView doubtful)
    {
        Assert.Equal("a", Elect(Service with { Current = new("a") }, doubtful));
        Assert.Equal("b", Elect(Service with { Current = new("a") }, doubtful, Given.Node("b")));
    }

    [Fact]
    public void Node_selectors_bound_the_candidates()
    {
        var service = Service with { Advertisements = [Given.Advertisement() with { NodeSelectors = [Given.Selector("rack", "1")] }] };
        Assert.Equal("b", Elect(service, Given.Node("a"), Racked("b", "1")));
        Assert.Equal(Reason.NodeNotSelected, Elector.Elect(service, Given.View(Given.Node("a"))).Reason);
    }

    /// <summary>MetalLB's rule; ours announces services that share an address from one node.</summary>
    [Theory]
    [InlineData("metallb.io/v1beta1", "k", false)]
    [InlineData("metallb.io/v1beta1", null, true)]
    [InlineData("orleanslb.io/v1alpha1", "k", true)]
    public void A_service_that_shares_may_not_be_meant_by_the_selectors_of_MetalLB(string dialect, string? key, bool announced)
    {
        var selective = Given.Advertisement() with { Source = new(dialect, "L2Advertisement", "", "some"), ServiceSelectors = [Given.Selector("app", "web")] };
        var result = Elector.Elect(Service with { SharingKey = key, Advertisements = [Given.Advertisement(), selective] }, Given.View(Given.Node("a")));
        Assert.Equal(announced ? Reason.Announced : Reason.SharedWithSelectors, result.Reason);
        Assert.Equal(announced, result.Announcer is not null);
        if (!announced) Assert.Contains("L2Advertisement some announces services by their labels", result.Message, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string[], string[], string?, string>> DualStack =>
    [
        new(["192.0.2.0/24"], [], "a", "2001:db8::1") { TestDisplayName = "a family that no node has an interface for does not silence the other" },
        new(["192.0.2.0/24"], ["192.0.2.0/24", "2001:db8::/64"], "b", "") { TestDisplayName = "a node that has both goes before one that has one" },
        new(["192.0.2.0/24"], ["2001:db8::/64"], "a", "2001:db8::1") { TestDisplayName = "where no node has both the first family is announced" },
        new(["2001:db8::/64"], [], "a", "192.0.2.10") { TestDisplayName = "or the second, if it is the only one" },
        new(["198.51.100.0/24"], [], null, "") { TestDisplayName = "where no node has any nobody announces" },
    ];

    [Theory, MemberData(nameof(DualStack))]
    public void Of_two_addresses_those_are_announced_that_can_be(string[] a, string[] b, string? expected, string unreachable)
    {
        var service = Service with { Addresses = Given.Addresses("192.0.2.10", "2001:db8::1") };
        var nodes = b.Length == 0 ? new[] { Given.Node("a", a) } : [Given.Node("a", a), Given.Node("b", b)];
        var result = Elector.Elect(service, Given.View(nodes));
        Assert.Equal((expected, unreachable), (result.Announcer?.Node.Value, string.Join(' ', result.Unreachable)));
        if (unreachable.Length > 0) Assert.Contains($"Nobody announces {unreachable}", result.Message, StringComparison.Ordinal);
        else if (expected is null) Assert.Equal(Reason.NoInterface, result.Reason);
    }

    [Fact]
    public void Preferred_nodes_go_first_by_the_sum_of_their_weights()
    {
        var service = Service with
        {
            Advertisements = [Given.Advertisement() with { PreferredNodes = [new(10, Given.Selector("rack", "1")), new(60, Given.Selector("rack", "2"))] }],
        };
        foreach (var address in Enumerable.Range(1, 20).Select(i => $"192.0.2.{i}"))
        {
            Assert.Equal("c",
                Elect(service with { Addresses = Given.Addresses(address) }, Given.Node("a"), Racked("b", "1"), Racked("c", "2") with { Load = 99 }));
        }
    }

    [Fact]
    public void Interfaces_of_all_advertisements_are_joined_and_one_without_any_means_all()
    {
        var narrow = Given.Advertisement() with { Interfaces = [new InterfaceSelector.Named("eth0")] };
        var other = Given.Advertisement() with { Interfaces = [new InterfaceSelector.Named("eth1")] };
        Assert.Equal([new InterfaceSelector.Named("eth0"), new InterfaceSelector.Named("eth1")], Candidate(narrow, other).Interfaces);
        Assert.Empty(Candidate(narrow, Given.Advertisement()).Interfaces);
    }

    [Fact]
    public void With_local_traffic_only_nodes_with_endpoints_are_candidates()
    {
        var local = Service with { TrafficPolicy = TrafficPolicy.Local, Endpoints = [new(new("b"), 1)], EndpointsElsewhere = 0 };
        Assert.Equal("b", Elect(local, Given.Node("a"), Given.Node("b")));
        Assert.Equal(Reason.NoLocalEndpoint, Elector.Elect(local, Given.View(Given.Node("a"))).Reason);
    }

    [Fact]
    public void Without_endpoint_or_advertisement_nobody_announces()
    {
        Assert.Equal(Reason.NoEndpoint, Elector.Elect(Service with { EndpointsElsewhere = 0 }, Given.View(Given.Node("a"))).Reason);
        Assert.Equal(Reason.NoAdvertisement, Elector.Elect(Service with { Advertisements = [] }, Given.View(Given.Node("a"))).Reason);
    }

    [Fact]
    public void A_living_announcer_keeps_the_address_whatever_its_load() =>
        Assert.All(Enumerable.Range(1, 50),
            i => Assert.Equal("a", Elect(Given.Candidacy($"192.0.2.{i}", "a"), Given.Node("a") with { Load = 1000 }, Given.Node("b"), Given.Node("c"))));

    [Fact]
    public void Of_the_two_that_rank_best_the_less_loaded_wins()
    {
        var ranked =
            Elector.Elect(Service, Given.View(Given.Node("a"), Given.Node("b"), Given.Node("c"))).Candidates.Select(candidate => candidate.Node.Value).ToList();
        Assert.Equal(ranked[1], Elect(Service, Given.Node(ranked[0]) with { Load = 2 }, Given.Node(ranked[1]) with { Load = 1 }, Given.Node(ranked[2])));
        Assert.Equal(ranked[0], Elect(Service, Given.Node(ranked[0]) with { Load = 1 }, Given.Node(ranked[1]) with { Load = 1 }, Given.Node(ranked[2])));
    }

    [Fact]
    public void Both_families_must_be_reachable_from_the_announcer()
    {
        var dual = Service with { Addresses = Given.Addresses("192.0.2.10", "2001:db8::10") };
        Assert.Equal("b", Elect(dual, Given.Node("a"), Given.Node("b", "192.0.2.0/24", "2001:db8::/64")));
    }

    [Fact]
    public void A_node_that_comes_and_goes_is_chosen_only_where_no_other_may_announce()
    {
        var until = DateTimeOffset.UnixEpoch.AddDays(1);
        var ranked = Elector.Elect(Service, Given.View(Given.Node("a"), Given.Node("b"))).Candidates.Select(candidate => candidate.Node.Value).ToList();
        var flapping = Given.Node(ranked[0]) with { HeldUntil = until, Returns = 2 };
        var steady = Given.Node(ranked[1]) with { Load = 100 };
        var elected = Elector.Elect(Service, Given.View(flapping, steady));
        Assert.Equal(ranked[1], elected.Announcer?.Node.Value);
        Assert.Contains("came back 2 times of late, and is given nothing that another announces before 00:00:00 UTC", Assert.Single(elected.Others).Message,
            StringComparison.Ordinal);
        Assert.Equal(ranked[0], Elect(Service, flapping, steady with { Alive = false }));
        Assert.Equal(ranked[0], Elect(Service with { Current = new(ranked[0]) }, flapping, steady)); // what it announces it keeps
        Assert.Equal(ranked[0], Elect(Service, flapping with { Returns = 1 }, steady with { Load = 0 })); // once is no flap
    }

    [Fact]
    public void A_node_takes_over_from_a_more_loaded_one_only_after_its_hold_down_and_only_if_that_evens_out()
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ClusterView Loaded(int a, int b, bool held = false) =>
            Given.View(Given.Node("a") with { Load = a }, Given.Node("b") with { Load = b, HeldUntil = held ? now : null });
        var service = Service with { Current = new("a") };
        Assert.Equal("b", Improve(Loaded(10, 0)));
        Assert.Null(Improve(Loaded(10, 0, held: true)));
        Assert.Null(Improve(Loaded(10, 9)));
        Assert.Null(Improve(Loaded(1, 0)));

        string? Improve(ClusterView view) => Elector.Improve(service, view, 0.25)?.Node.Value;
    }

    [Fact]
    public void A_preferred_node_that_is_back_takes_over_after_its_hold_down()
    {
        var service =
            Service with { Current = new("a"), Advertisements = [Given.Advertisement() with { PreferredNodes = [new(10, Given.Selector("rack", "1"))] }] };
        var view = Given.View(Given.Node("a"), Racked("b", "1") with { Load = 50 });
        Assert.Equal("b", Elector.Improve(service, view, 0.25)?.Node.Value);
        Assert.Equal("a", Elect(service, [.. view.Nodes]));
    }

    private static NodeView With(Func<NodeFacts, NodeFacts> change) => Given.Node("a") is var node ? node with { Facts = change(node.Facts!) } : node;

    private static NodeView Racked(string name, string rack) =>
        Given.Node(name) is var node ? node with { Facts = node.Facts! with { Labels = Given.Labelled("rack", rack) } } : node;

    private static Candidate Candidate(params Layer2Advertisement[] advertisements) =>
        Eligibility.Judge(Service with { Advertisements = [.. advertisements] }, Given.Node("a")).Candidate!;

    private static string? Elect(Candidacy service, params NodeView[] nodes) => Elector.Elect(service, Given.View(nodes)).Announcer?.Node.Value;
}
