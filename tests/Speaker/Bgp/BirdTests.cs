using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Speaker.Tests.Bgp;

public class BirdTests
{
    private const string External = """
        protocol bgp node1 {
          local 192.0.2.254 as 64501;
          neighbor 192.0.2.1 as 64500;
          ipv4 { import all; export none; };
          graceful restart;
        }
        """;

    [Fact]
    public async Task An_external_router_learns_a_route_with_its_attributes_and_loses_it()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, External));
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
}
