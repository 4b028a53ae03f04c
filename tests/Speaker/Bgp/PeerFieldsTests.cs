using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;
using Address = OrleansLb.Core.Addressing.Address;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>What the configuration says of a peer, as the peer hears it in our OPEN and in our UPDATEs.</summary>
public class PeerFieldsTests
{
    [Theory]
    [InlineData(PeerRole.Provider, BgpRole.Provider, BgpRole.Customer, true)]
    [InlineData(PeerRole.RouteServer, BgpRole.RouteServer, BgpRole.RouteServerClient, true)]
    [InlineData(PeerRole.RouteServerClient, BgpRole.RouteServerClient, BgpRole.RouteServer, false)]
    [InlineData(PeerRole.Customer, BgpRole.Customer, BgpRole.Provider, false)]
    [InlineData(PeerRole.Peer, BgpRole.Peer, BgpRole.Peer, true)]
    public async Task A_role_is_told_and_routes_downwards_are_marked(PeerRole role, BgpRole ours, BgpRole theirs, bool marked)
    {
        await using var lab = new SessionLab(start: false);
        await using var session = Start(lab, peer => peer with { Role = role, StrictRole = true });
        using var peer = await lab.Peer.Accept();
        Assert.Equal(new Capability.Role(ours), (await peer.Read<OpenMessage>()).Find<Capability.Role>());
        var update = await Announced(peer, With(new Capability.Role(theirs)));
        Assert.Equal(marked ? new Asn(Plan.OurAsn) : null, update.Attributes.OnlyToCustomer);
    }

    [Fact]
    public async Task A_peer_without_a_role_is_refused_only_where_that_is_asked_for()
    {
        await using var lab = new SessionLab(start: false);
        await using (Start(lab, peer => peer with { Role = PeerRole.Customer }))
        {
            using var lenient = await lab.Peer.Establish();
            await lab.Until(BgpStateName.Established);
        }

        await using var session = Start(lab, peer => peer with { Role = PeerRole.Customer, StrictRole = true });
        using var strict = await lab.Peer.Accept();
        await strict.Read<OpenMessage>();
        strict.Send(ScriptedPeer.Open);
        Assert.Equal(Notification.Open(OpenMessageError.RoleMismatch), await strict.Read<Notification>());
    }

    [Fact]
    public async Task Several_paths_are_offered_in_each_family_and_sent_with_an_identifier()
    {
        await using var lab = new SessionLab(start: false);
        await using var session = Start(lab, peer => peer with { AddPath = true, DualStack = true });
        using var peer = await lab.Peer.Accept();
        var offered = (await peer.Read<OpenMessage>()).Find<Capability.AddPath>();
        Assert.Equal(new([new(Family.Ipv4Unicast, AddPathMode.Send), new(Family.Ipv6Unicast, AddPathMode.Send)]), offered);
        peer.Format = peer.Format with { AddPath = [Family.Ipv4Unicast] };
        var update = await Announced(peer, With(new Capability.AddPath([new(Family.Ipv4Unicast, AddPathMode.Receive)])));
        Assert.Equal(1, update.Announced);
        Assert.Contains("add-path-send-" + Family.Ipv4Unicast, (await lab.Until(BgpStateName.Established)).ToPeerStatus().Capabilities);
    }

    [Fact]
    public async Task A_next_hop_is_told_in_place_of_our_own_address()
    {
        await using var lab = new SessionLab(start: false);
        await using var session = Start(lab, peer => peer with { DualStack = true, NextHop = new(Address.Parse("192.0.2.9"), Address.Parse("2001:db8::9")) });
        session.Advertise(SessionLab.Routes("203.0.113.1/32", "2001:db8:5::1/128"));
        using var peer = await lab.Peer.Establish();
        var hops = new[] { await peer.ReadUntil<ReceivedUpdate>(update => update.Announced > 0),
            await peer.ReadUntil<ReceivedUpdate>(update => update.Announced > 0) };
        Assert.Equal(["192.0.2.9", "2001:db8::9"], hops.Select(update => update.Attributes.NextHop.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(null, 120)]
    public async Task The_time_for_a_restart_is_told(int? configured, int told)
    {
        await using var lab = new SessionLab(start: false);
        await using var session =
            Start(lab, peer => peer with { GracefulRestart = true, RestartTime = configured is { } seconds ? TimeSpan.FromSeconds(seconds) : null });
        using var peer = await lab.Peer.Accept();
        Assert.Equal(told, (await peer.Read<OpenMessage>()).Find<Capability.GracefulRestart>()!.Seconds);
    }

    [Fact]
    public async Task A_plain_peer_hears_nothing_of_all_this()
    {
        await using var lab = new SessionLab(start: false);
        await using var session = Start(lab, peer => peer);
        using var peer = await lab.Peer.Accept();
        var open = await peer.Read<OpenMessage>();
        Assert.Equal((false, false, false), (open.Has<Capability.Role>(), open.Has<Capability.AddPath>(), open.Has<Capability.GracefulRestart>()));
        var update = await Announced(peer, ScriptedPeer.Open);
        Assert.Null(update.Attributes.OnlyToCustomer);
    }

    [Fact]
    public async Task A_changed_password_reaches_the_session_of_that_peer_and_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TCP-MD5 takes Linux.");
        using var guarded = new ScriptedPeer(IPAddress.Parse("127.0.0.2"));
        using var other = new ScriptedPeer(IPAddress.Parse("127.0.0.3"));
        guarded.SetKey(IPAddress.Loopback, "before");
        using var log = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLog()));
        await using var speaker =
            new BgpSpeaker(new() { Node = new("node1"), ListenOn = [] }, HostNetwork.Instance, TimeProvider.System, log.CreateLogger<BgpSpeaker>());
        BgpPeer[] peers = [Configured(guarded) with { Name = "guarded", Password = new("before") }, Configured(other) with { Name = "other" }];
        await speaker.Whole(1, 1, peers, []);
        using var first = await guarded.Establish();
        using var second = await other.Establish();
        var established = new HashSet<string>(StringComparer.Ordinal);
        await speaker.Until(status => status.State == PeerState.Established && established.Add(status.Peer) && established.Count == peers.Length);

        await speaker.Step(1, 2, Plan.Routes("203.0.113.1/32"), [], [peers[0] with { Password = new("after") }, peers[1]]);
        first.SetKey(IPAddress.Loopback, "after");
        Assert.Equal(1, (await first.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced); // under the new key
        Assert.Equal(1, (await second.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Assert.Equal([0, 0], speaker.Sessions.Select(status => status.Flaps));
        await speaker.Kill();
    }

    public static IEnumerable<TheoryDataRow<Func<BgpPeer, BgpPeer>, bool>> Changes =>
    [
        new(peer => peer with { HoldTime = TimeSpan.FromSeconds(9) }, true) { TestDisplayName = "a hold time" },
        new(peer => peer with { LocalAsn = 64510 }, true) { TestDisplayName = "our AS" },
        new(peer => peer with { RemoteAs = new RemoteAs.Number(64502) }, true) { TestDisplayName = "its AS" },
        new(peer => peer with { SourceAddress = Address.Parse("127.0.0.9") }, true) { TestDisplayName = "a source address" },
        new(peer => peer with { GracefulRestart = true }, true) { TestDisplayName = "graceful restart" },
        new(peer => peer with { KeepaliveTime = TimeSpan.FromSeconds(5) }, false) { TestDisplayName = "a keepalive time" },
        new(peer => peer with { MultihopTtl = 5 }, false) { TestDisplayName = "a TTL" },
        new(peer => peer with { NextHop = new(Address.Parse("192.0.2.77"), null) }, false) { TestDisplayName = "a next hop" },
        new(peer => peer with { NodeSelectors = [new([new("rack", LabelOperator.Exists, [])])] }, false) { TestDisplayName = "selectors that mean this node still" },
    ];

    [Theory, MemberData(nameof(Changes))]
    public async Task A_change_of_one_peer_begins_that_session_anew_if_it_has_to_and_no_other(Func<BgpPeer, BgpPeer> change, bool resets)
    {
        using var touched = new ScriptedPeer(IPAddress.Parse("127.0.0.2"));
        using var other = new ScriptedPeer(IPAddress.Parse("127.0.0.3"));
        using var log = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLog()));
        await using var speaker =
            new BgpSpeaker(new() { Node = new("node1"), ListenOn = [] }, HostNetwork.Instance, TimeProvider.System, log.CreateLogger<BgpSpeaker>());
        BgpPeer[] peers = [Configured(touched) with { Name = "touched" }, Configured(other) with { Name = "other" }];
        await speaker.Whole(1, 1, peers, []);
        using var first = await touched.Establish();
        using var second = await other.Establish();
        var established = new HashSet<string>(StringComparer.Ordinal);
        await speaker.Until(status => status.State == PeerState.Established && established.Add(status.Peer) && established.Count == peers.Length);

        await speaker.Step(1, 2, Plan.Routes("203.0.113.1/32"), [], [change(peers[0]), peers[1]]);
        if (resets) Assert.Equal(Notification.Cease(CeaseSubcode.OtherConfigurationChange), await first.ReadUntil<Notification>());
        else Assert.Equal(1, (await first.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Assert.Equal(1, (await second.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Assert.Equal(0, speaker.Sessions.Single(session => session.Peer.Name == "other").Flaps);
        await speaker.Kill();
    }

    /// <summary>On the loopback there is no address of ours that a router could send to, so that one is given.</summary>
    private static BgpPeer Configured(ScriptedPeer router) =>
        Plan.Peer(router.Address.ToString()) with { Port = router.Port, NextHop = new(Address.Parse("192.0.2.9"), null) };

    /// <summary>A session that has one route to announce.</summary>
    private static BgpPeerSession Start(SessionLab lab, Func<BgpPeer, BgpPeer> say)
    {
        var session = new BgpPeerSession(say(Configured(lab.Peer)).ToOptions(new() { Node = new("node1") }, RouterId.Parse("192.0.2.1")), lab.Services);
        session.Advertise(SessionLab.Routes("203.0.113.1/32"));
        return session;
    }

    /// <summary>The first route of a session that the peer answers like this; our OPEN was read already.</summary>
    private static async Task<ReceivedUpdate> Announced(ScriptedConnection peer, OpenMessage answer)
    {
        peer.Send(answer);
        await peer.Read<KeepaliveMessage>();
        peer.Send(new KeepaliveMessage());
        return await peer.ReadUntil<ReceivedUpdate>(update => update.Announced > 0);
    }

    private static OpenMessage With(Capability capability) =>
        ScriptedPeer.Open with { Capabilities = [.. ScriptedPeer.Open.Capabilities.AsSpan(), capability] };
}
