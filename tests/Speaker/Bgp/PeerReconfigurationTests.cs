using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;

namespace OrleansLb.Speaker.Tests.Bgp;

public class PeerReconfigurationTests
{
    [Fact]
    public async Task What_need_not_end_the_session_does_not()
    {
        await using var lab = new SessionLab();
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32"));
        using var peer = await lab.Peer.Establish();
        await peer.ReadUntil<ReceivedUpdate>(update => update.EndOfRib == Family.Ipv6Unicast);
        var settings = lab.Options.Settings;
        lab.Session.Reconfigure(
            lab.Options with { Settings = settings with { ConnectRetryTime = TimeSpan.FromSeconds(9), Passive = true, PeerAs = PeerAs.External } });
        lab.Session.Reconfigure(lab.Options with { Settings = settings with { HoldTime = TimeSpan.FromSeconds(180) }, MultihopTtl = 5 });
        lab.Session.Reconfigure(lab.Options with { SourceAddress = IPAddress.Loopback }); // it comes from there already
        if (OperatingSystem.IsLinux()) lab.Session.Reconfigure(lab.Options with { Gtsm = true });
        lab.Session.Reconfigure(lab.Options with { Ipv4NextHop = IPAddress.Parse("192.0.2.77") });
        var again = await peer.Read<ReceivedUpdate>(); // the same session, told of the other next hop
        Assert.Equal(NextHop.Parse("192.0.2.77"), again.Attributes.NextHop);
        Assert.Equal(0, lab.Session.Status.Flaps);
    }

    public static IEnumerable<TheoryDataRow<Func<BgpPeerOptions, BgpPeerOptions>, bool, bool>> Connections =>
    [
        new(options => options with { Port = 1790 }, true, false) { TestDisplayName = "another port to dial" },
        new(options => options with { Port = 1790 }, false, true) { TestDisplayName = "another port, of a peer that dialled us" },
        new(options => options with { SourceAddress = IPAddress.Parse("127.0.0.9") }, true, false) { TestDisplayName = "another source" },
        new(options => options with { SourceAddress = IPAddress.Parse("127.0.0.9") }, false,
            true) { TestDisplayName = "another source, of a peer that dialled us" },
        new(options => options with { SourceAddress = IPAddress.Parse("127.0.0.1") }, true, true) { TestDisplayName = "the source that it has" },
        new(options => options with { Address = IPAddress.Parse("127.0.0.9") }, false, false) { TestDisplayName = "another address" },
        new(options => options with { Interface = "eth1" }, false, false) { TestDisplayName = "another interface" },
        new(options => options with { Gtsm = true, Password = "another" }, true, true) { TestDisplayName = "what the kernel does for a connection" },
    ];

    [Theory, MemberData(nameof(Connections))]
    public void A_connection_that_would_be_made_again_is_kept(Func<BgpPeerOptions, BgpPeerOptions> change, bool dialled, bool kept)
    {
        var options = new BgpPeerOptions { Name = "router", Settings = ScriptedPeer.Ours, Address = IPAddress.Parse("127.0.0.2") };
        Assert.Equal(kept, change(options).ConnectsLike(options, IPAddress.Loopback, dialled));
    }

    public static IEnumerable<TheoryDataRow<Func<SpeakerSettings, SpeakerSettings>>> Resetting =>
    [
        new(settings => settings with { RouterId = RouterId.Parse("192.0.2.99") }) { TestDisplayName = "another identifier" },
        new(settings => settings with { LocalAsn = new(64599) }) { TestDisplayName = "another AS" },
        new(settings => settings with { Families = [Family.Ipv4Unicast] }) { TestDisplayName = "fewer families" },
        new(settings => settings with { HoldTime = TimeSpan.FromSeconds(9) }) { TestDisplayName = "a shorter hold time" },
        new(settings => settings with { GracefulRestart = new(TimeSpan.FromSeconds(60)) }) { TestDisplayName = "graceful restart" },
        new(settings => settings with { Role = BgpRole.Customer }) { TestDisplayName = "a role" },
        new(settings => settings with { Role = BgpRole.Customer, StrictRole = true }) { TestDisplayName = "a role that the peer has to name" },
        new(settings => settings with { AddPathSend = true }) { TestDisplayName = "several paths" },
    ];

    [Theory, MemberData(nameof(Resetting))]
    public async Task What_the_peer_has_to_hear_of_begins_a_new_session(Func<SpeakerSettings, SpeakerSettings> change)
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        lab.Session.Reconfigure(lab.Options with { Settings = change(lab.Options.Settings) });
        Assert.Equal(Notification.Cease(CeaseSubcode.OtherConfigurationChange), await peer.Read<Notification>());
        using var again = await lab.Peer.Accept();
        await again.Read<OpenMessage>();
    }

    [Theory]
    [InlineData(BgpStateName.OpenSent)]
    [InlineData(BgpStateName.OpenConfirm)]
    public async Task What_need_not_end_the_session_does_not_while_it_begins(BgpStateName reached)
    {
        await using var lab = new SessionLab();
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32"));
        using var peer = await Reach(lab, reached);
        lab.Session.Reconfigure(
            lab.Options with { Ipv4NextHop = IPAddress.Parse("192.0.2.77"), Settings = lab.Options.Settings with { PeerAs = PeerAs.External } });
        if (reached == BgpStateName.OpenSent) await Confirm(peer);
        peer.Send(new KeepaliveMessage());
        Assert.Equal(NextHop.Parse("192.0.2.77"), (await peer.Read<ReceivedUpdate>()).Attributes.NextHop);
    }

    public static IEnumerable<TheoryDataRow<BgpStateName, Func<BgpPeerOptions, BgpPeerOptions>>> Beginnings =>
    [
        new(BgpStateName.OpenSent, options => Of(options, settings => settings with { HoldTime = TimeSpan.FromSeconds(9) }))
            { TestDisplayName = "a hold time that an OPEN without answer told otherwise" },
        new(BgpStateName.OpenSent, options => options with { SourceAddress = IPAddress.Parse("127.0.0.9") }) { TestDisplayName = "another source, OPEN sent" },
        new(BgpStateName.OpenConfirm, options => Of(options, settings => settings with { Families = [Family.Ipv4Unicast] }))
            { TestDisplayName = "fewer families, OPENs agreed" },
        new(BgpStateName.OpenConfirm, options => Of(options, settings => settings with { PeerAs = PeerAs.Internal }))
            { TestDisplayName = "a peer of another AS, OPENs agreed" },
    ];

    [Theory, MemberData(nameof(Beginnings))]
    public async Task What_makes_another_session_of_it_ends_one_that_begins(BgpStateName reached, Func<BgpPeerOptions, BgpPeerOptions> change)
    {
        await using var lab = new SessionLab();
        using var peer = await Reach(lab, reached);
        lab.Session.Reconfigure(change(lab.Options));
        Assert.Equal(Notification.Cease(CeaseSubcode.OtherConfigurationChange), await peer.Read<Notification>());
        using var again = await lab.Peer.Accept();
        await again.Read<OpenMessage>();
    }

    private static async Task<ScriptedConnection> Reach(SessionLab lab, BgpStateName state)
    {
        var peer = await lab.Peer.Accept();
        await peer.Read<OpenMessage>();
        if (state == BgpStateName.OpenConfirm) await Confirm(peer);
        return peer;
    }

    private static async Task Confirm(ScriptedConnection peer)
    {
        peer.Send(ScriptedPeer.Open);
        await peer.Read<KeepaliveMessage>();
    }

    private static BgpPeerOptions Of(BgpPeerOptions options, Func<SpeakerSettings, SpeakerSettings> change) =>
        options with { Settings = change(options.Settings) };

    [Fact]
    public async Task Keepalives_come_as_often_as_the_changed_configuration_says()
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        lab.Session.Reconfigure(lab.Options with { Settings = lab.Options.Settings with { KeepaliveTime = TimeSpan.FromSeconds(3) } });
        lab.Time.Advance(TimeSpan.FromSeconds(30)); // the last of the old interval
        await peer.Read<KeepaliveMessage>();
        lab.Session.Advertise(SessionLab.Routes("203.0.113.1/32"));
        await peer.Read<ReceivedUpdate>(); // by now the loop has started the timer again
        await peer.ReadUntil<ReceivedUpdate>(update => update.EndOfRib == Family.Ipv6Unicast);
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        await peer.Read<KeepaliveMessage>();
        Assert.Equal(0, lab.Session.Status.Flaps);
    }
}
