using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>The same talk with the other routers that people run.</summary>
public class OtherRouterTests
{
    private static readonly RouteAttributes Attributes = new(null, 50, [new Community.Standard(0xFDE80064), new Community.Large(64500, 1, 2)], 3);

    [Fact]
    public async Task Frr_learns_a_route_with_its_attributes_and_loses_it()
    {
        await using var lab = new BgpLab();
        var frr = await Frr.Start(lab, " neighbor 192.0.2.1 remote-as 64500\n neighbor 192.0.2.1 timers connect 1\n");
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], [Plan.Route("203.0.113.5/32", Attributes), Plan.Route("203.0.113.6/32")]);
        var route = await frr.Route("ipv4", "203.0.113.5/32");
        Assert.Contains("192.0.2.1 from 192.0.2.1 (192.0.2.1)", route, StringComparison.Ordinal);
        Assert.Contains("metric 50", route, StringComparison.Ordinal);
        Assert.Contains("Community: 65000:100", route, StringComparison.Ordinal);
        Assert.Contains("Large Community: 64500:1:2", route, StringComparison.Ordinal);
        Assert.Contains("Extended Community: LB:64500:375000000", route, StringComparison.Ordinal);
        Assert.Contains("  64500\n", route, StringComparison.Ordinal);
        await speaker.Step(1, 2, [], ["203.0.113.5/32"]);
        await frr.Gone("ipv4", "203.0.113.5/32");
        await frr.Route("ipv4", "203.0.113.6/32");
    }

    [Fact]
    public async Task Frr_dials_us_with_a_password_over_ipv6()
    {
        await using var lab = new BgpLab();
        var frr = await Frr.Start(lab, """
             neighbor fd77::1 remote-as 64500
             neighbor fd77::1 password s3cret
             neighbor fd77::1 timers connect 1
             address-family ipv6 unicast
              neighbor fd77::1 activate
            """);
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer(BgpLab.RouterAddressV6) with { Password = new("s3cret"), Passive = true, RemoteAs = new RemoteAs.External() }],
            Plan.Routes("2001:db8:5::1/128"));
        Assert.Contains("fd77::1 from fd77::1", await frr.Route("ipv6", "2001:db8:5::1/128"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frr_hears_only_the_difference_when_one_service_changes()
    {
        await using var lab = new BgpLab();
        var frr = await Frr.Start(lab, " neighbor 192.0.2.1 remote-as 64500\n neighbor 192.0.2.1 timers connect 1\n");
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Enumerable.Range(1, 100).Select(i => Plan.Route($"203.0.113.{i}/32")));
        await frr.Route("ipv4", "203.0.113.100/32");
        await Daemon.Eventually(() => $"{speaker.Sessions[0].Sent.Update}", sent => sent == "2"); // all the routes, and the end of them
        await speaker.Step(1, 2, [Plan.Route("203.0.113.7/32", Attributes)], []);
        await frr.Eventually("show bgp ipv4 unicast 203.0.113.7/32", answer => answer.Contains("metric 50", StringComparison.Ordinal));
        Assert.Equal(3, speaker.Sessions[0].Sent.Update);
    }

    [Fact]
    public async Task GoBgp_learns_a_route_with_its_attributes_and_loses_it()
    {
        await using var lab = new BgpLab();
        var gobgp = lab.Keep(new GoBgp(lab,
            "[[neighbors]]\n[neighbors.config]\nneighbor-address = \"192.0.2.1\"\npeer-as = 64500\n[neighbors.transport.config]\npassive-mode = true\n"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], [Plan.Route("203.0.113.5/32", Attributes)]);
        var route = await gobgp.Eventually("global rib -j", answer => answer.Contains("203.0.113.5/32", StringComparison.Ordinal));
        Assert.Contains("\"metric\":50", route, StringComparison.Ordinal);
        await gobgp.Eventually("global rib",
            answer => answer.Contains("65000:100", StringComparison.Ordinal) && answer.Contains("64500:1:2", StringComparison.Ordinal));
        await speaker.Step(1, 2, [], ["203.0.113.5/32"]);
        await gobgp.Eventually("global rib", answer => answer.Contains("Network not in table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frr_and_we_find_each_other_on_an_unnumbered_link()
    {
        await using var lab = new BgpLab();
        lab.Run(BgpLab.Router, "ip addr flush dev br0 scope global");
        lab.Run(BgpLab.Node(1), "ip addr flush dev eth0 scope global");
        var frr = await Frr.Start(lab, """
             neighbor br0 interface remote-as external
             neighbor br0 timers connect 1
             address-family ipv6 unicast
              neighbor br0 activate
            """, "interface br0\n no ipv6 nd suppress-ra\n ipv6 nd ra-interval 1\n");
        var speaker = lab.Speak();
        var peer = Plan.Peer() with { Address = null, Interface = "eth0", RemoteAs = new RemoteAs.External() };
        await speaker.Whole(1, 1, [peer], Plan.Routes("203.0.113.5/32", "2001:db8:5::1/128"));
        Assert.Contains("extended-next-hop", (await speaker.UntilEstablished()).Capabilities);
        Assert.Contains("fe80::", await frr.Route("ipv4", "203.0.113.5/32"), StringComparison.Ordinal);
        Assert.Contains("fe80::", await frr.Route("ipv6", "2001:db8:5::1/128"), StringComparison.Ordinal);
    }
}
