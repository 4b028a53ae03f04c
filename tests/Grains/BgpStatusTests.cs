using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Routes;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What the world sees of BGP sessions: objects and events.</summary>
public sealed class BgpStatusTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private FakeSpeaker _one = null!;
    private FakeSpeaker _two = null!;

    private PeerStatus Up => new(
        "tor", Address.Parse("203.0.113.1"), PeerState.Established, _cluster.Clock.GetUtcNow(), 64501, null, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30),
        ["ipv4-unicast"], 0,
        null, null, null, default, default, 1, 0, [], 64500);

    private PeerStatus Lost => Up with { State = PeerState.Idle, Flaps = 1, LastError = "the link broke", Advice = "Look at the link." };

    public async ValueTask InitializeAsync()
    {
        foreach (var node in (string[])["node1", "gone"])
            _cluster.Statuses.Leave(new StatusObject.BgpSession(new(node), "former", SessionHealth.Established, default, null, ""));
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"));
        _cluster.Record.Put(Given.Node("node1"));
        _cluster.Record.Put(Given.Node("node2"));
        await _cluster.Start();
        _one = await _cluster.Join("node1");
        _two = await _cluster.Join("node2");
        await _cluster.Until(() => _one is { Peers.Count: 1, Complete: true } && _two.Peers.Count == 1, "both nodes have the peer");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_session_is_shown_and_so_is_its_loss_with_what_to_do()
    {
        await Tell(_one, Up);
        await UntilShown("node1", SessionHealth.Established);
        await Tell(_one, Lost);
        await UntilShown("node1", SessionHealth.Down);
        Assert.Equal("the link broke. Look at the link.", _cluster.Statuses.Session("node1", "tor")!.Message);
    }

    [Fact]
    public async Task What_stands_from_a_peer_that_is_no_more_is_deleted() =>
        await _cluster.Statuses.Until(() => _cluster.Statuses.Session("node1", "former") is null, "the object of the former peer is gone");

    [Fact]
    public async Task What_stands_of_a_node_that_was_deleted_while_nobody_looked_is_deleted() =>
        await _cluster.Statuses.Until(() => _cluster.Statuses.Session("gone", "former") is null, "the object of the former node is gone");

    [Fact]
    public async Task Counters_alone_are_never_written_and_numbers_of_routes_together()
    {
        await Tell(_one, Up);
        await UntilShown("node1", SessionHealth.Established);
        for (var routes = 1; routes <= 50; routes++) await Tell(_one, Up with { Advertised = routes, Sent = new(1, routes, 0, routes, 0) });
        await _cluster.Until(() => _cluster.Statuses.Session("node1", "tor")?.Status?.Advertised == 50, TimeSpan.FromSeconds(1), "the number is shown");
        Assert.InRange(_cluster.Statuses.Puts.Count(put => put is StatusObject.BgpSession), 2, 3);
    }

    [Fact]
    public async Task While_a_peer_cannot_be_reached_its_states_write_nothing()
    {
        var refused = Up with { State = PeerState.Idle, LastError = "refused" };
        await Tell(_one, refused);
        await UntilShown("node1", SessionHealth.Down);
        var writes = _cluster.Statuses.Puts.Count;
        foreach (var state in (PeerState[])[PeerState.Connect, PeerState.Active, PeerState.Connect, PeerState.Idle])
            await Tell(_one, refused with { State = state });
        await Tell(_one, refused with { LastError = "timed out" });
        await _cluster.Statuses.Until(() => _cluster.Statuses.Session("node1", "tor")!.Message.StartsWith("timed out", StringComparison.Ordinal),
            "another reason is shown");
        Assert.Equal(writes + 1, _cluster.Statuses.Puts.Count);
    }

    [Fact]
    public async Task A_peer_that_is_removed_takes_its_object_with_it()
    {
        await Tell(_one, Up);
        await UntilShown("node1", SessionHealth.Established);
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed());
        await _cluster.Until(() => _one.Peers.Count == 0, "the peer is of the plan no more");
        await _one.Report(new SpeakerFact.PeerGone("tor"));
        await _cluster.Statuses.Until(() => _cluster.Statuses.Session("node1", "tor") is null, "the object is gone");
    }

    [Fact]
    public async Task Each_neighbour_of_a_range_is_shown_and_one_that_the_next_speaker_does_not_know_goes()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(),
            Given.Peer("tor") with { Address = null, Range = new(Prefix.Parse("203.0.113.0/24"), 5) });
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Until(() => _one.Peers is [{ Range: not null }] && _one.Routes.Count == 1, "the range is in the plan");
        var (left, right) = (Up with { Peer = "tor/203.0.113.1" }, Up with { Peer = "tor/203.0.113.2", Address = Address.Parse("203.0.113.2") });
        await Tell(_one, left, right);
        await _cluster.Statuses.Until(() => Shown(left) == SessionHealth.Established && Shown(right) == SessionHealth.Established, "both neighbours are shown");
        await Tell(_one, left with { State = PeerState.Idle, Flaps = 1, LastError = "the link broke" });
        await _cluster.Statuses.Until(() => Shown(left) == SessionHealth.Down && Shown(right) == SessionHealth.Established, "one is down");
        Assert.Equal(["tor/203.0.113.1", "tor/203.0.113.2"], (await _one.Grain.Bgp(withRoutes: true)).Routes.Select(routes => routes.Peer));
        Assert.Equal(["NoSession"], (await Routes("tor/203.0.113.1")).Untold.Select(route => route.Reason));

        await _one.Kill();
        _one = await _cluster.Join("node1");
        await Tell(_one, right);
        await _cluster.Until(() => Shown(left) is null && Shown(right) is not null, TimeSpan.FromMilliseconds(500),
            "the neighbour that did not come back is gone");
    }

    private SessionHealth? Shown(PeerStatus neighbour) => _cluster.Statuses.Session("node1", neighbour.Peer)?.State;

    [Fact]
    public async Task Of_a_node_that_died_nobody_claims_a_session_and_of_one_that_is_deleted_nothing_stays()
    {
        await Tell(_one, Up);
        await UntilShown("node1", SessionHealth.Established);
        await _one.Kill();
        await UntilShown("node1", SessionHealth.Unknown);
        _cluster.Record.Remove(new NodeName("node1"));
        await _cluster.Statuses.Until(() => _cluster.Statuses.All.All(status => status.Subject.Node.Value != "node1"), "nothing is shown of the node");
    }

    /// <summary>Where OpenELB shows it: in the BgpPeer, and in the BgpConf.</summary>
    [Fact]
    public async Task A_session_with_a_peer_of_OpenELB_is_shown_where_OpenELB_shows_it_and_leaves_with_the_peer()
    {
        StatusSubject session = new(StatusKind.OpenElbPeer, new("node1"), "tor"), self = new(StatusKind.OpenElbConf, new("node1"), "default");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(),
            Given.Peer("tor") with { Source = new("network.kubesphere.io/v1alpha2", "BgpPeer", "", "tor", "uid-tor") });
        await _cluster.Until(() => _one.Peers is [{ Source.Kind: "BgpPeer" }], "the node has the peer");
        await Tell(_one, Up with { LocalId = Address.Parse("10.0.0.1") });
        await _cluster.Statuses.Until(() => Peer() is { Health: SessionHealth.Established }, "the session is shown");
        await _cluster.Statuses.Until(() => Find(self) is not null, "the node's numbers are shown");
        Assert.Equal(new StatusObject.OpenElbConf(new("node1"), 64500, Address.Parse("10.0.0.1")), Find(self));
        await Tell(_one, Lost);
        await _cluster.Statuses.Until(() => Peer() is { Health: SessionHealth.Down, Status.Flaps: 1 }, "its loss is shown");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed());
        await _cluster.Until(() => _one.Peers.Count == 0, "the peer is of the plan no more");
        await _one.Report(new SpeakerFact.PeerGone("tor"));
        await _cluster.Statuses.Until(() => Find(session) is null && Find(self) is null, "nothing is shown of it any more");

        StatusObject? Find(StatusSubject subject) => _cluster.Statuses.All.FirstOrDefault(status => status.Subject == subject);
        StatusObject.OpenElbPeer? Peer() => Find(session) as StatusObject.OpenElbPeer;
    }

    [Fact]
    public async Task The_rival_s_object_names_the_peers_of_a_service_on_each_node_and_goes_with_it()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Statuses.Until(() =>
            _cluster.Statuses.Service("node1", "web/nginx") is not null && _cluster.Statuses.Service("node2", "web/nginx") is not null, "both nodes show it");
        Assert.Equal(["tor"], _cluster.Statuses.Service("node1", "web/nginx")!.Peers);
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"), Given.Peer("spine", address: "203.0.113.2"));
        await _cluster.Statuses.Until(() => _cluster.Statuses.Service("node1", "web/nginx")!.Peers.Count == 2, "the second peer is named");
        _cluster.Record.Delete("web/nginx");
        await _cluster.Statuses.Until(() => _cluster.Statuses.All.All(status => status is not StatusObject.ServiceBgp), "the objects are gone");
    }

    [Fact]
    public async Task Each_route_is_told_or_has_a_reason_and_so_has_each_service_without_one()
    {
        _cluster.Record.Declare(
            Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed() with { Peers = ["tor"] }, Given.Peer("tor"),
            Given.Peer("spine", address: "203.0.113.2"));
        _cluster.Record.Put(Given.Service("web/nginx"));
        _cluster.Record.Put(Given.Service("web/local") with { TrafficPolicy = TrafficPolicy.Local, Endpoints = [new(new("node2"), 1)],
            EndpointsElsewhere = 0 });
        await _cluster.Until(() => _one.Routes.Count == 1 && _two.Routes.Count == 2 && _one.Peers.Count == 2, "the routes are in the plans");
        var told = new ToldRoute(_one.Routes.Keys.Single(), "203.0.113.9", "64500", null, null, []);
        await Tell(_one, Up, Lost with { Peer = "spine" });

        _one.Told = [new("tor", [], [])];
        Assert.Equal(["Pending"], (await Routes("tor")).Untold.Select(route => route.Reason));
        _one.Told = [new("tor", [told], [])];
        Assert.Equal([told], (await Routes("tor")).Told);
        Assert.Equal(["NotForPeer"], (await Routes("spine")).Untold.Select(route => route.Reason));
        Assert.Equal([new UnroutedService(new("web", "local"), Reason.NoLocalEndpoint)], (await _one.Grain.Bgp(withRoutes: true)).Unrouted);
        await Tell(_one, Lost);
        _one.Told = [];
        Assert.Equal(["NoSession"], (await Routes("tor")).Untold.Select(route => route.Reason));
        Assert.Equal(["node1", "node2"], (await _cluster.Grains.Status().Bgp(null, withRoutes: false)).Select(node => node.Node.Value));
    }

    private async Task<PeerRoutes> Routes(string peer) => (await _one.Grain.Bgp(withRoutes: true)).Routes.Single(routes => routes.Peer == peer);

    [Fact]
    public async Task While_the_record_is_away_nothing_is_lost()
    {
        _cluster.Statuses.Down = true;
        await Tell(_one, Up);
        _cluster.Statuses.Down = false;
        await _cluster.Until(() => _cluster.Statuses.Session("node1", "tor")?.State == SessionHealth.Established, TimeSpan.FromSeconds(1),
            "the session is shown");
    }

    [Fact]
    public async Task Each_service_gets_one_event_for_all_sessions_that_are_lost_and_one_when_they_are_back()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"), Given.Peer("spine", address: "203.0.113.2"));
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Until(() => _one is { Peers.Count: 2, Routes.Count: 1 }, "the route goes to two peers");
        await Tell(_one, Up, Up with { Peer = "spine" });
        await Tell(_one, Lost, Lost with { Peer = "spine" });
        await _cluster.Until(() => OfService().Any(), TimeSpan.FromSeconds(1), "the service is told");
        var told = Assert.Single(OfService());
        Assert.True(told.Warning);
        Assert.Contains("peer spine (203.0.113.1): the link broke. Look at the link.", told.Message, StringComparison.Ordinal);
        Assert.Contains("peer tor (203.0.113.1): the link broke.", told.Message, StringComparison.Ordinal);
        await Tell(_one, Up with { Flaps = 1 });
        await _cluster.Until(() => OfService().Count() == 2, "the service is told that it is back");
        Assert.False(OfService().Last().Warning);
    }

    [Fact]
    public async Task A_session_that_is_back_at_once_is_told_on_the_peer_and_not_on_services()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Until(() => _one.Routes.Count == 1, "the route is in the plan");
        await Tell(_one, Up);
        await Tell(_one, Lost);
        await Tell(_one, Up with { Flaps = 1 });
        _cluster.Advance(new StatusOptions().EventDelay * 2);
        await Tell(_one, Lost with { Flaps = 2, Peer = "tor" });
        await _cluster.Until(() => OfService().Any(), TimeSpan.FromSeconds(1), "a loss that stays is told");
        Assert.Single(OfService());
        Assert.Equal(["BgpSessionUp", "BgpSessionDown", "BgpSessionUp", "BgpSessionDown"],
            _cluster.Record.Events.Where(told => told.Regarding.Kind == "BGPPeer").Select(told => told.Reason));
    }

    private IEnumerable<(OrleansLb.Core.Configuration.ObjectReference Regarding, bool Warning, string Reason, string Message)> OfService() =>
        _cluster.Record.Events.Where(told => told.Regarding.Kind == "Service" && told.Reason.StartsWith("Bgp", StringComparison.Ordinal));

    private static Task Tell(FakeSpeaker speaker, params PeerStatus[] statuses) =>
        speaker.Report([.. statuses.Select(status => new SpeakerFact.PeerChanged(status))]);

    private Task UntilShown(string node, SessionHealth health) =>
        _cluster.Statuses.Until(() => _cluster.Statuses.Session(node, "tor")?.State == health, $"the session of {node} is shown as {health}");
}
