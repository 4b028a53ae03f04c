using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>Kinds of sessions that take a network or a router of their own.</summary>
public class RemarkableSessionTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task An_external_router_two_hops_away_takes_a_ttl_that_reaches_it(int? ttl, bool reached)
    {
        await using var lab = new BgpLab();
        var far = lab.AddBehindRouter();
        var bird =
            lab.Keep(new Bird(lab, $"protocol bgp node1 {{ local {BgpLab.FarAddress} as 64501; neighbor 192.0.2.1 as 64500; multihop 2; passive; ipv4 {{ "
                + $"import all; export none; gateway recursive; }}; }}", host: far));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer(BgpLab.FarAddress) with { MultihopTtl = ttl }], Plan.Routes("203.0.113.5/32"));
        if (reached)
        {
            await speaker.UntilEstablished();
            await bird.Eventually("show route all for 203.0.113.5/32", answer => answer.Contains("BGP.next_hop: 192.0.2.1", StringComparison.Ordinal));
        }
        else
        {
            var status = await speaker.Until(status => status.LastError is not null);
            Assert.NotEqual(PeerState.Established, status.State);
        }
    }

    [Fact]
    public async Task An_external_router_is_not_taken_for_an_internal_one()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { RemoteAs = new RemoteAs.Internal() }], []);
        Assert.Contains("2/2", (await speaker.Until(status => status.NotificationSent is not null)).NotificationSent, StringComparison.Ordinal);
        await bird.Eventually("show protocols all node1", answer => answer.Contains("Bad peer AS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_router_of_two_octets_hears_of_a_node_of_four_in_AS4_PATH()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 external; enable as4 off; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { LocalAsn = 4_200_000_001 }], Plan.Routes("203.0.113.5/32"));
        Assert.DoesNotContain("four-octet-as", (await speaker.UntilEstablished()).Capabilities);
        // AS_TRANS in AS_PATH, made whole again (RFC 6793 §4.2.3)
        Assert.Contains("BGP.as_path: 4200000001", await bird.Route("203.0.113.5/32"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bird_and_we_find_each_other_on_an_unnumbered_link()
    {
        await using var lab = new BgpLab();
        lab.Run(BgpLab.Router, "ip addr flush dev br0 scope global");
        lab.Run(BgpLab.Node(1), "ip addr flush dev eth0 scope global");
        var bird = lab.Keep(new Bird(lab, """
            protocol radv { interface "br0" { min ra interval 3; max ra interval 4; }; }
            protocol bgp unnumbered {
              local as 64501; neighbor range fe80::/10 external; interface "br0"; connect delay time 1;
              ipv4 { import all; export none; extended next hop on; }; ipv6 { import all; export none; };
            }
            """));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { Address = null, Interface = "eth0", RemoteAs = new RemoteAs.External() }],
            Plan.Routes("203.0.113.5/32", "2001:db8:5::1/128"));
        Assert.Contains("extended-next-hop", (await speaker.UntilEstablished()).Capabilities);
        Assert.Matches("BGP.next_hop: (:: )?fe80::", await bird.Route("203.0.113.5/32"));
        Assert.Matches("BGP.next_hop: (:: )?fe80::", await bird.Route("2001:db8:5::1/128"));
    }

    [Fact]
    public async Task Several_paths_for_one_prefix_go_to_a_router_that_takes_them()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; passive; ipv4 { import all; export none; add paths rx; }; }"));
        var settings =
            new SpeakerSettings { LocalAsn = new(64500), RouterId = RouterId.Parse("192.0.2.1"), PeerAs = PeerAs.Exactly(new(64501)), AddPathSend = true };
        var services = new BgpSessionServices(new NetworkNamespace(lab.Namespace(BgpLab.Node(1))), TimeProvider.System, new TestOutputLog());
        await using var session =
            new BgpPeerSession(new() { Name = "router", Settings = settings, Address = System.Net.IPAddress.Parse(BgpLab.RouterAddress) }, services);
        var prefix = Prefix.Parse("203.0.113.5/32");
        var first = new Route(new(prefix, PathId: 1), PathAttributes.None with { NextHop = NextHop.Parse("192.0.2.101") });
        var second = new Route(new(prefix, PathId: 2), PathAttributes.None with { NextHop = NextHop.Parse("192.0.2.102") });

        session.Advertise(RouteSet.Of([first, second]));
        await bird.Eventually("show route all for 203.0.113.5/32",
            answer => answer.Contains("192.0.2.101", StringComparison.Ordinal) && answer.Contains("192.0.2.102", StringComparison.Ordinal));
        session.Advertise(RouteSet.Of([second]));
        var left = await bird.Eventually("show route all for 203.0.113.5/32", answer => !answer.Contains("192.0.2.101", StringComparison.Ordinal));
        Assert.Contains("BGP.next_hop: 192.0.2.102", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_longer_than_4096_octets_go_to_a_router_that_takes_them()
    {
        await using var lab = new BgpLab();
        var bird =
            lab.Keep(new Bird(lab, "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; passive; ipv4 { import all; export none; }; "
                + "enable extended messages on; }"));
        var speaker = lab.Speak();
        // some twenty thousand octets
        await speaker.Whole(1, 1, [Plan.Peer()], Enumerable.Range(0, 5000).Select(i => Plan.Route($"10.{i >> 8}.{i & 255}.0/24")));
        await bird.Eventually("show route count", answer => answer.Contains("5001 of 5001 routes for 5001", StringComparison.Ordinal));
        Assert.InRange((await speaker.Until(status => status.Sent.Update >= 2)).Sent.Update, 2, 3); // all routes in one or two, and End-of-RIB
    }

    [Fact]
    public async Task A_router_that_restarts_gets_everything_again_and_one_that_clears_the_session_too()
    {
        await using var lab = new BgpLab();
        const string Configuration = " neighbor 192.0.2.1 remote-as 64500\n neighbor 192.0.2.1 timers connect 1\n";
        var frr = await Frr.Start(lab, Configuration);
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32"));
        await frr.Route("ipv4", "203.0.113.5/32");

        frr.Ask("clear bgp *");
        // Not the first that there is: when both dial at once, one connection ends with another (6/7).
        await speaker.Until(status => status.NotificationReceived?.Contains("6/4", StringComparison.Ordinal) == true);
        await speaker.UntilEstablished();
        await frr.Route("ipv4", "203.0.113.5/32");

        await frr.DisposeAsync();
        Assert.Equal(2, (await speaker.Until(status => status.Flaps == 2)).Flaps);
        var next = await Frr.Start(lab, Configuration);
        await next.Route("ipv4", "203.0.113.5/32");
    }
}
