using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Speaker.Tests.Bgp;

public class BirdTests
{
    [Fact]
    public async Task An_external_router_learns_a_route_with_its_attributes_and_loses_it()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        var attributes = new RouteAttributes(null, 50, [new Community.Standard(0xFDE80064), new Community.Large(64500, 1, 2)], 3);
        await speaker.Whole(1, 1, [Plan.Peer()], [Plan.Route("203.0.113.5/32", attributes), Plan.Route("198.51.100.0/24")]);
        var status = await speaker.UntilEstablished();
        Assert.Equal((64501u, "192.0.2.254"), (status.RemoteAsn, status.RemoteId.ToString()));
        Assert.Contains("enhanced-route-refresh", status.Capabilities);

        var route = await bird.Route("203.0.113.5/32");
        Assert.Contains("BGP.origin: IGP", route, StringComparison.Ordinal);
        Assert.Contains("BGP.as_path: 64500", route, StringComparison.Ordinal);
        Assert.Contains("BGP.next_hop: 192.0.2.1", route, StringComparison.Ordinal);
        Assert.Contains("BGP.med: 50", route, StringComparison.Ordinal);
        Assert.Contains("BGP.community: (65000,100)", route, StringComparison.Ordinal);
        Assert.Contains("BGP.large_community: (64500, 1, 2)", route, StringComparison.Ordinal);
        Assert.DoesNotContain("community", await bird.Route("198.51.100.0/24"), StringComparison.Ordinal);

        await speaker.Step(1, 2, [], ["203.0.113.5/32"]);
        await bird.Gone("203.0.113.5/32");
        Assert.Contains("198.51.100.0/24", bird.Ask("show route"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internal_router_sees_local_pref_and_an_empty_path()
    {
        await using var lab = new BgpLab();
        var bird =
            lab.Keep(new Bird(lab, "protocol bgp node1 { local 192.0.2.254 as 64500; neighbor 192.0.2.1 as 64500; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer(asn: 64500)],
            [Plan.Route("203.0.113.5/32", Plan.NoAttributes with { LocalPref = 250 }), Plan.Route("203.0.113.6/32")]);
        var route = await bird.Route("203.0.113.5/32");
        Assert.Contains("BGP.local_pref: 250", route, StringComparison.Ordinal);
        Assert.Matches(@"BGP\.as_path: *\n", route);
        Assert.Contains("BGP.local_pref: 100", await bird.Route("203.0.113.6/32"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ipv6_routes_go_over_an_ipv6_session_with_both_next_hops()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, "protocol bgp node1 { local fd77::fe as 64501; neighbor fd77::1 as 64500; ipv6 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer(BgpLab.RouterAddressV6)], Plan.Routes("2001:db8:5::1/128", "203.0.113.5/32"));
        Assert.Matches("BGP.next_hop: fd77::1 fe80::", await bird.Route("2001:db8:5::1/128"));
        var held = Assert.Single(Assert.Single(speaker.Sessions).Advertised.HeldBack);
        Assert.Equal(Protocols.Bgp.NotAdvertised.FamilyNotNegotiated, held.Reason);
    }

    [Fact]
    public async Task Both_families_go_over_one_session()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, """
            protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 { import all; export none; }; ipv6 { import all; export none; }; }
            """));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { DualStack = true }], Plan.Routes("2001:db8:5::1/128", "203.0.113.5/32"));
        Assert.Contains("BGP.next_hop: fd77::1", await bird.Route("2001:db8:5::1/128"), StringComparison.Ordinal);
        Assert.Contains("BGP.next_hop: 192.0.2.1", await bird.Route("203.0.113.5/32"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_left_asks_for_graceful_shutdown_first()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32"));
        await bird.Route("203.0.113.5/32");
        await speaker.Whole(1, 2, [Plan.Peer()], Plan.Routes("203.0.113.5/32"), leaving: true);
        await bird.Eventually("show route all for 203.0.113.5/32", answer => answer.Contains("(65535,0)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_speaker_that_stops_asks_to_be_avoided_then_withdraws_and_says_goodbye()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32"));
        await bird.Route("203.0.113.5/32");
        var retired = speaker.Retire(TimeSpan.FromSeconds(2));
        await bird.Eventually("show route all for 203.0.113.5/32", answer => answer.Contains("(65535,0)", StringComparison.Ordinal));
        await retired;
        await bird.Gone("203.0.113.5/32");
        Assert.Contains("the speaker stops", bird.Ask("show protocols all node1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internal_router_is_told_to_prefer_anything_else_and_one_that_keeps_routes_over_a_restart_nothing()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            "protocol bgp node1 { local 192.0.2.254 as 64500; neighbor 192.0.2.1 as 64500; graceful restart; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        var peer = Plan.Peer(asn: Plan.OurAsn);
        await speaker.Whole(1, 1, [peer], Plan.Routes("203.0.113.5/32"));
        await bird.Route("203.0.113.5/32");
        await speaker.Whole(1, 2, [peer], Plan.Routes("203.0.113.5/32"), leaving: true);
        await bird.Eventually("show route all for 203.0.113.5/32",
            answer => answer.Contains("local_pref: 0", StringComparison.Ordinal) && answer.Contains("(65535,0)", StringComparison.Ordinal));
        var graceful = peer with { GracefulRestart = true };
        await speaker.Whole(1, 3, [graceful], Plan.Routes("203.0.113.5/32"));
        await bird.Eventually("show route all for 203.0.113.5/32", answer => answer.Contains("local_pref: 100", StringComparison.Ordinal));
        await speaker.Whole(1, 4, [graceful], Plan.Routes("203.0.113.5/32", "203.0.113.6/32"), leaving: true);
        Assert.DoesNotContain("(65535,0)", await bird.Route("203.0.113.6/32"), StringComparison.Ordinal);
        Assert.DoesNotContain("(65535,0)", await bird.Route("203.0.113.5/32"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_is_answered_in_full()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32", "203.0.113.6/32"));
        await bird.Route("203.0.113.6/32");
        bird.Ask("reload in node1");
        await speaker.Until(status => status is { Read.RouteRefresh: 1, Sent.RouteRefresh: 2 });
        Assert.Contains("203.0.113.5/32", bird.Ask("show route"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_routes_arrive_and_go()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        var routes = Enumerable.Range(0, 10_000).Select(i => Plan.Route($"10.{i >> 8}.{i & 255}.0/24")).ToArray();
        await speaker.Whole(1, 1, [Plan.Peer()], routes);
        await bird.Eventually("show route count", answer => answer.Contains("10001 of 10001 routes for 10001", StringComparison.Ordinal));
        await speaker.Whole(1, 2, [Plan.Peer()], []);
        await bird.Eventually("show route count", answer => answer.Contains("1 of 1 routes for 1 networks in table master4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("capabilities off;", "an old router without capabilities")]
    [InlineData("enable as4 off;", "a router of two-octet AS numbers")]
    [InlineData("enable extended messages on;", "a router that takes long messages")]
    [InlineData("enable route refresh off; graceful restart off;", "a router without refresh")]
    public async Task Routers_of_all_ages_are_spoken_to_in_their_own_way(string options, string kind)
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            $"protocol bgp node1 {{ local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 {{ import all; export none; }}; {options} }}"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Enumerable.Range(0, 5000).Select(i => Plan.Route($"10.{i >> 8}.{i & 255}.0/24")));
        await bird.Eventually("show route count", answer => answer.Contains("5001 of 5001 routes for 5001", StringComparison.Ordinal));
        Assert.True(speaker.Sessions[0].Flaps == 0, kind);
    }

    [Fact]
    public async Task Ipv4_routes_get_an_ipv6_next_hop_where_there_is_no_ipv4()
    {
        await using var lab = new BgpLab();
        lab.Run(BgpLab.Node(1), "ip addr del 192.0.2.1/24 dev eth0");
        var bird = lab.Keep(new Bird(lab, """
            protocol bgp node1 { local fd77::fe as 64501; neighbor fd77::1 as 64500; ipv4 { import all; export none; extended next hop on; }; ipv6 { import all; export none; }; }
            """));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer(BgpLab.RouterAddressV6) with { DualStack = true }], Plan.Routes("203.0.113.5/32"));
        Assert.Contains("BGP.next_hop: fd77::1", await bird.Route("203.0.113.5/32"), StringComparison.Ordinal);
        await speaker.Step(1, 2, [], ["203.0.113.5/32"]);
        await bird.Gone("203.0.113.5/32");
    }

    [Fact]
    public async Task Three_nodes_make_three_paths_and_the_loss_of_one_leaves_two()
    {
        await using var lab = new BgpLab(nodes: 3);
        var bird = lab.Keep(new Bird(lab, string.Join('\n', Enumerable.Range(1, 3).Select(node =>
            $"protocol bgp node{node} {{ local 192.0.2.254 as 64501; neighbor 192.0.2.{node} as 64500; ipv4 {{ import all; export none; }}; }}"))));
        var speakers = Enumerable.Range(1, 3).Select(lab.Speak).ToArray();
        for (var node = 1; node <= 3; node++) await speakers[node - 1].Whole(node, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32"));
        await bird.Eventually("show route for 203.0.113.5/32", answer => answer.Split("via 192.0.2.").Length == 4);
        await speakers[1].Kill();
        var left = await bird.Eventually("show route for 203.0.113.5/32", answer => answer.Split("via 192.0.2.").Length == 3);
        Assert.DoesNotContain("192.0.2.2", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_we_send_looks_malformed_to_tshark()
    {
        await using var lab = new BgpLab();
        using var capture = await Capture.Start(lab);
        var bird = lab.Keep(new Bird(lab, """
            protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 { import all; export none; }; ipv6 { import all; export none; }; graceful restart; }
            """));
        var speaker = lab.Speak();
        var attributes = new RouteAttributes(null, 50, [new Community.Standard(0xFDE80064), new Community.Large(64500, 1, 2)], 3);
        await speaker.Whole(1, 1, [Plan.Peer() with { DualStack = true, GracefulRestart = true }],
            [Plan.Route("203.0.113.5/32", attributes), .. Plan.Routes("2001:db8:5::1/128", "203.0.113.6/32", "198.51.100.0/23")]);
        await bird.Route("203.0.113.6/32");
        bird.Ask("reload in node1");
        await speaker.Until(status => status.Sent.RouteRefresh == 4);
        await speaker.Step(1, 2, [], ["2001:db8:5::1/128", "203.0.113.5/32"]);
        await bird.Gone("203.0.113.5/32");
        await speaker.Leave("goodbye");
        await bird.Eventually("show protocols all node1", answer => answer.Contains("goodbye", StringComparison.Ordinal));
        capture.ExpectNothingWrong();
    }
}
