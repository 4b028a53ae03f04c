using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;

namespace OrleansLb.Speaker.Tests.Bgp;

public class BgpPeerSessionTests
{
    [Fact]
    public async Task Routes_go_out_packed_then_end_of_rib_then_only_what_changes()
    {
        await using var lab = new SessionLab();
        lab.Session.Advertise(SessionLab.Hosts(500));
        using var peer = await lab.Peer.Establish();
        Assert.Equal((500, 0), Count(await peer.Read<ReceivedUpdate>()));
        Assert.Equal(Family.Ipv4Unicast, (await peer.Read<ReceivedUpdate>()).EndOfRib);
        Assert.Equal(Family.Ipv6Unicast, (await peer.Read<ReceivedUpdate>()).EndOfRib);

        lab.Session.Advertise(SessionLab.Hosts(501));
        Assert.Equal((1, 0), Count(await peer.Read<ReceivedUpdate>()));
        lab.Session.Advertise(SessionLab.Hosts(499));
        Assert.Equal((0, 2), Count(await peer.Read<ReceivedUpdate>()));
        Assert.Equal(499, lab.Session.Status.Advertised.Routes.Count);
    }

    [Fact]
    public async Task End_of_rib_waits_until_all_routes_are_known()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        peer.Send(new RouteRefreshMessage(Family.Ipv4Unicast)); // its brackets are the first that we hear
        Assert.Equal(RouteRefreshSubtype.Begin, (await peer.Read<RouteRefreshMessage>()).Subtype);
        Assert.Equal(RouteRefreshSubtype.End, (await peer.Read<RouteRefreshMessage>()).Subtype);
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32"), complete: false);
        Assert.Equal((1, 0), Count(await peer.Read<ReceivedUpdate>()));
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32", "203.0.113.2/32"));
        Assert.Equal((1, 0), Count(await peer.Read<ReceivedUpdate>()));
        Assert.Equal(Family.Ipv4Unicast, (await peer.Read<ReceivedUpdate>()).EndOfRib);
    }

    [Fact]
    public async Task A_refresh_brings_the_routes_of_the_family_again_between_its_brackets()
    {
        await using var lab = new SessionLab();
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32", "203.0.113.2/32", "2001:db8::9/128"));
        using var peer = await lab.Peer.Establish();
        await peer.ReadUntil<ReceivedUpdate>(update => update.EndOfRib == Family.Ipv6Unicast);
        peer.Send(new RouteRefreshMessage(Family.Ipv4Unicast));
        Assert.Equal(new RouteRefreshMessage(Family.Ipv4Unicast, RouteRefreshSubtype.Begin), await peer.Read<RouteRefreshMessage>());
        Assert.Equal((2, 0), Count(await peer.Read<ReceivedUpdate>()));
        Assert.Equal(new RouteRefreshMessage(Family.Ipv4Unicast, RouteRefreshSubtype.End), await peer.Read<RouteRefreshMessage>());
    }

    [Fact]
    public async Task Hold_timer_expiry_sends_notification_and_goes_idle()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        lab.Time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(Notification.HoldTimerExpired, await peer.ReadUntil<Notification>());
        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal((Notification.HoldTimerExpired, 1), (status.NotificationSent, status.Flaps));
    }

    [Fact]
    public async Task Keepalives_keep_the_session_in_both_directions()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        for (var i = 0; i < 5; i++)
        {
            lab.Time.Advance(TimeSpan.FromSeconds(30)); // past the keepalive interval with any jitter
            await peer.Read<KeepaliveMessage>();
            var heard = lab.Session.Status.Received.Keepalive;
            peer.Send(new KeepaliveMessage());
            await Daemon.Eventually(() => $"{lab.Session.Status.Received.Keepalive}", answer => answer == $"{heard + 1}");
        }

        Assert.Equal(BgpStateName.Established, lab.Session.Status.State);
    }

    public static IEnumerable<TheoryDataRow<byte[], Notification>> Wrong =>
    [
        new((ScriptedPeer.Open with { TwoOctetAs = 64999, Capabilities = [] }).ToArray(),
            Notification.Open(OpenMessageError.BadPeerAs)) { TestDisplayName = "another AS" },
        new((ScriptedPeer.Open with { RouterId = default }).ToArray(),
            Notification.Open(OpenMessageError.BadBgpIdentifier)) { TestDisplayName = "no identifier" },
        new((ScriptedPeer.Open with { HoldSeconds = 1 }).ToArray(),
            Notification.Open(OpenMessageError.UnacceptableHoldTime)) { TestDisplayName = "a hold time of one second" },
        new("GET / HTTP/1.1\r\nHost: router\r\n\r\n"u8.ToArray(), Notification.ConnectionNotSynchronized) { TestDisplayName = "another protocol" },
        new(new KeepaliveMessage().ToArray(), Notification.Unexpected(FiniteStateMachineError.UnexpectedInOpenSent,
            BgpMessageType.Keepalive)) { TestDisplayName = "a KEEPALIVE before the OPEN" },
    ];

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_peer_that_begins_wrongly_is_told_and_tried_again_later(byte[] says, Notification expected)
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Accept();
        await peer.Read<OpenMessage>();
        peer.Send(says);
        Assert.Equal(expected, await peer.Read<Notification>());
        await peer.ReadEnd();
        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal(expected, status.NotificationSent);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await lab.Peer.Accept();
    }

    [Fact]
    public async Task A_peer_that_closes_in_the_middle_of_a_message_is_dialled_again()
    {
        await using var lab = new SessionLab();
        using (var peer = await lab.Peer.Establish())
        {
            await lab.Until(BgpStateName.Established);
            peer.Send(new KeepaliveMessage().ToArray().AsSpan(0, 10));
        }

        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal("the connection broke, or the peer closed it without a word", status.LastError);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
    }

    [Fact]
    public async Task A_million_routes_are_counted_and_dropped()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        var attributes = new PathAttributes { Origin = Origin.Igp, AsPath = AsPath.Sequence(new Asn(64501)), NextHop = NextHop.Parse("192.0.2.2") };
        var message = new byte[BgpHeader.MaxLength];
        var length = UpdateWriter.Announce(message, new UpdateFormat { FourOctetAs = true }, attributes,
            [.. SessionLab.Hosts(800).ToArray().Select(route => route.Nlri)], out _);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1250; i++) await peer.SendAsync(message.AsMemory(0, length));
        await Daemon.Eventually(() => $"{lab.Session.Status.RoutesReceived}", answer => answer == "1000000");
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 40_000_000);
        Assert.Equal(BgpStateName.Established, lab.Session.Status.State);
    }

    [Fact]
    public async Task A_malformed_attribute_is_noted_and_the_session_goes_on()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        peer.Send(
            Convert.FromHexString("ffffffffffffffffffffffffffffffff0030020000001440010103400206020100 00fde9400304c000020220cb007101".Replace(" ", "",
                StringComparison.Ordinal)));
        await Daemon.Eventually(() => lab.Session.Status.LastUpdateFault ?? "", fault => fault.Contains("InvalidOrigin", StringComparison.Ordinal));
        Assert.Equal((BgpStateName.Established, 0L, 1L), (lab.Session.Status.State, lab.Session.Status.RoutesReceived, lab.Session.Status.RoutesWithdrawn));
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_given_up_and_holds_up_nobody()
    {
        var longest = TimeSpan.FromSeconds(ushort.MaxValue); // the hold timer has no part in this
        await using var lab = new SessionLab(ScriptedPeer.Ours with { HoldTime = longest, SendHoldTime = TimeSpan.FromSeconds(60) });
        using var peer = await lab.Peer.Establish(ScriptedPeer.Open with { HoldSeconds = ushort.MaxValue });
        await lab.Until(BgpStateName.Established);
        lab.Session.Advertise(SessionLab.Hosts(2_000_000)); // more than the kernel holds
        await Daemon.Eventually(() => // each write that still succeeds begins the time anew
        {
            lab.Time.Advance(TimeSpan.FromSeconds(60));
            return $"{lab.Session.Status.State}";
        }, state => state != nameof(BgpStateName.Established));
        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal(Notification.SendHoldTimerExpired, status.NotificationSent);
    }

    [Fact]
    public async Task What_bfd_finds_ends_the_session_at_once()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        lab.Session.Fail(Notification.Cease(CeaseSubcode.BfdDown));
        Assert.Equal(Notification.Cease(CeaseSubcode.BfdDown), await peer.Read<Notification>());
    }

    [Fact]
    public async Task A_shutdown_says_why()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        var stopping = lab.Session.Stop(Notification.Cease(CeaseSubcode.AdministrativeShutdown, "maintenance"));
        Assert.Equal("maintenance", (await peer.Read<Notification>()).Text);
        await peer.ReadEnd();
        peer.Dispose();
        await stopping;
    }

    [Fact]
    public async Task Leaving_for_a_restart_says_nothing_and_the_next_open_tells_of_it()
    {
        await using var lab = new SessionLab(ScriptedPeer.Ours with { GracefulRestart = new(TimeSpan.FromSeconds(60)) });
        using (var peer = await lab.Peer.Establish())
        {
            await lab.Until(BgpStateName.Established);
            var stopping = lab.Session.Stop(null);
            await peer.ReadEnd();
            peer.Dispose();
            await stopping;
        }

        await using var restarted = new BgpPeerSession(lab.Options, lab.Services, restarting: true);
        using var again = await lab.Peer.Accept();
        var open = await again.Read<OpenMessage>();
        Assert.Equal(new Capability.GracefulRestart(true, true, 60, [new(Family.Ipv4Unicast, true), new(Family.Ipv6Unicast, true)]),
            open.Find<Capability.GracefulRestart>());
    }

    [Fact]
    public async Task A_passive_session_waits_for_the_peer()
    {
        await using var lab = new SessionLab(ScriptedPeer.Ours with { Passive = true });
        await lab.Until(BgpStateName.Active);
        var (ours, theirs) = await Pair();
        lab.Session.Accept(ours);
        using var peer = new ScriptedConnection(theirs);
        await peer.Establish(ScriptedPeer.Open);
        Assert.NotNull((await lab.Until(BgpStateName.Established)).Session);
    }

    [Fact]
    public async Task Of_two_connections_that_cross_the_one_of_the_higher_identifier_stays()
    {
        await using var lab = new SessionLab();
        using var dialled = await lab.Peer.Accept();
        await dialled.Read<OpenMessage>();
        var (ours, theirs) = await Pair();
        lab.Session.Accept(ours);
        using var crossing = new ScriptedConnection(theirs);
        await crossing.Read<OpenMessage>();
        dialled.Send(ScriptedPeer.Open); // 192.0.2.2, higher than ours
        await dialled.Read<KeepaliveMessage>();
        crossing.Send(ScriptedPeer.Open);
        Assert.Equal(Notification.Cease(CeaseSubcode.ConnectionCollisionResolution), await dialled.Read<Notification>());
        await crossing.Read<KeepaliveMessage>();
        crossing.Send(new KeepaliveMessage());
        Assert.Equal(0, (await lab.Until(BgpStateName.Established)).Flaps);
    }

    [Fact]
    public async Task A_peer_that_cannot_be_reached_is_said_to_be_so()
    {
        await using var lab = new SessionLab(start: false);
        lab.Peer.Dispose();
        await using var session = new BgpPeerSession(lab.Options, lab.Services);
        var status = await lab.Until(BgpStateName.Active);
        Assert.Contains("refused", status.LastError, StringComparison.OrdinalIgnoreCase);
    }

    private static (int Announced, int Withdrawn) Count(ReceivedUpdate update) => (update.Announced, update.Withdrawn);

    private static async Task<(Socket Ours, Socket Theirs)> Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var theirs = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await theirs.ConnectAsync(listener.LocalEndPoint!);
        return (await listener.AcceptAsync(), theirs);
    }
}
