using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>Routers that nobody named one by one, and that dial the node by themselves.</summary>
public class ListenRangeInteropTests
{
    private const string Guarded = "neighbor 192.0.2.1 as 64500; connect delay time 1; password \"s3cret\"; ipv4 { import all; export none; };";

    [Fact]
    public async Task Two_routers_of_a_range_dial_under_its_password_and_learn_the_routes()
    {
        await using var lab = new BgpLab(nodes: 2); // the second is a router too
        var one = lab.Keep(new Bird(lab, $"protocol bgp node1 {{ local 192.0.2.254 as 64501; {Guarded} }}"));
        var two = lab.Keep(new Bird(lab, $"protocol bgp node1 {{ local 192.0.2.2 as 64502; {Guarded} }}", "two", BgpLab.Node(2)));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Range("192.0.2.0/24") with { RemoteAs = new RemoteAs.External(), Password = new("s3cret") }], Plan.Routes("203.0.113.5/32"));
        await one.Route("203.0.113.5/32");
        await two.Route("203.0.113.5/32");
        Assert.Equal([("router/192.0.2.2", 64502u), ("router/192.0.2.254", 64501u)],
            speaker.Sessions.Select(session => (session.Peer.Name, session.Session!.Remote.Asn.Value)));

        two.Ask("disable node1");
        await speaker.Until(status => status is { Peer: "router/192.0.2.2", Flaps: 1 });
        Assert.Equal(0, speaker.Sessions.Single(session => session.Peer.Name == "router/192.0.2.254").Flaps);
        two.Ask("enable node1");
        await two.Route("203.0.113.5/32");
    }

    [Fact]
    public async Task Frr_dials_from_a_range_of_ipv6()
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
        await speaker.Whole(1, 1, [Range("fd77::/64") with { Password = new("s3cret") }], Plan.Routes("2001:db8:5::1/128"));
        // Until zebra has said that the next hop can be reached, the path is shown as one that cannot be used.
        await frr.Eventually("show bgp ipv6 unicast 2001:db8:5::1/128", answer => answer.Contains("fd77::1 from fd77::1", StringComparison.Ordinal));
        Assert.Equal("router/fd77::fe", Assert.Single(speaker.Sessions).Peer.Name);
    }

    [Fact]
    public async Task A_router_outside_the_range_is_refused_in_words()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            "protocol bgp one { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; connect delay time 1; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Range("192.0.2.0/28")], []);
        await bird.Eventually("show protocols all one", answer => answer.Contains("Connection rejected", StringComparison.Ordinal));
        Assert.Empty(speaker.Sessions);
    }

    private static BgpPeer Range(string prefix) => Plan.Peer() with { Address = null, Range = new(Prefix.Parse(prefix), ListenRange.DefaultLimit) };
}
