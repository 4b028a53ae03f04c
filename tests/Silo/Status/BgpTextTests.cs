using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Nodes;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Tests.Status;

public sealed class BgpTextTests
{
    private static readonly PeerStatus Up = new(
        "tor", Address.Parse("192.0.2.254"), PeerState.Established, new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), 64501, Address.Parse("10.0.0.1"),
        TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30),
        ["ipv4-unicast", "route-refresh"], 1, "the connection broke", null, "6/2 cease: administrative shutdown", new(1, 2, 0, 9, 0), new(1, 0, 1, 8, 0), 2, 0,
        [new("NoNextHop", 1)], 64500);

    private static readonly PeerRoutes Routes =
        new("tor", [new("198.51.100.7/32", "192.0.2.1", "64500", null, 5, ["no-export", "64500:100"])], [new("2001:db8::7/128", "NoNextHop")]);

    [Fact]
    public void Sessions_come_first_then_each_with_its_routes_and_the_reason_for_each_that_is_not_told()
    {
        var view = BgpView.Of([new(new("node1"), true, false, [Up], [Routes], [new(new("web", "local"), Reason.NoLocalEndpoint)])], null);
        Assert.Equal("""
            NODE    PEER   ADDRESS       AS      STATE         SINCE                  HOLD   KEEPALIVE   ROUTES   FLAPS
            node1   tor    192.0.2.254   64501   Established   2030-01-02 03:04:05Z   90s    30s         2        1

            node1 to tor: Established
              capabilities: ipv4-unicast, route-refresh
              last error: the connection broke
              last NOTIFICATION received: 6/2 cease: administrative shutdown
              messages sent: 1 OPEN, 2 UPDATE, 9 KEEPALIVE, 0 NOTIFICATION, 0 ROUTE-REFRESH
              messages received: 1 OPEN, 0 UPDATE, 8 KEEPALIVE, 1 NOTIFICATION, 0 ROUTE-REFRESH; 0 routes, dropped
              advertised:
                198.51.100.7/32 via 192.0.2.1, as-path 64500, med 5, communities no-export 64500:100
              not advertised:
                2001:db8::7/128 NoNextHop: this node has no address of this family on the way to the peer that could be the next hop; give it one.

            node1 has no route to:
              web/local NoLocalEndpoint: the node has no endpoint that can serve, and externalTrafficPolicy is Local.

            """, Text(view, all: false), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_session_that_is_down_says_what_to_do_and_a_node_that_is_not_heard_from_claims_nothing()
    {
        var down = Up with { State = PeerState.Active, LastError = "connection refused", Advice = "Is BGP on there?" };
        Assert.Contains("node1 to tor: Active: connection refused. Is BGP on there?",
            Text(BgpView.Of([new(new("node1"), true, false, [down], [], [])], null), all: false), StringComparison.Ordinal);
        Assert.Contains("node1 to tor: Unknown: the speaker of the node is not heard from",
            Text(BgpView.Of([new(new("node1"), false, false, [Up], [], [])], null), all: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_routes_are_shown_when_all_are_asked_for()
    {
        var many = Routes with { Told = Enumerable.Range(0, 30).Select(i => Routes.Told[0] with { Prefix = $"198.51.100.{i}/32" }).ToEquatableList() };
        var view = BgpView.Of([new(new("node1"), true, false, [Up], [many], [])], null);
        Assert.Contains("and 10 more; --all shows them.", Text(view, all: false), StringComparison.Ordinal);
        Assert.Contains("198.51.100.29/32", Text(view, all: true), StringComparison.Ordinal);
    }

    [Fact]
    public void One_peer_can_be_asked_for()
    {
        var view = BgpView.Of([new(new("node1"), true, false, [Up, Up with { Peer = "spine" }], [], [])], "spine");
        Assert.Equal(["spine"], view.Nodes[0].Sessions.Select(session => session.Peer));
        Assert.Equal("/orleanslb/v1/status/bgp?node=a%20b&peer=spine", StatusPaths.BgpOf("a b", "spine"));
        Assert.Equal("/orleanslb/v1/status/bgp", StatusPaths.BgpOf(null, null));
    }

    [Fact]
    public void Without_a_peer_it_says_how_to_get_one() =>
        Assert.StartsWith("no node has a BGP peer; create a BGPPeer", Text(BgpView.Of([new(new("node1"), true, false, [], [], [])], null), all: false),
            StringComparison.Ordinal);

    private static string Text(BgpView view, bool all)
    {
        using var output = new StringWriter();
        BgpText.Write(output, view, all);
        return output.ToString();
    }
}
