using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>
/// Peers that misbehave in the middle of a session, or before it: what they are told, what is remembered of it, and that nobody else notices.
/// </summary>
public class PeerFaultTests
{
    private const string Marker = "ffffffffffffffffffffffffffffffff", Origin = "40010100", Path = "4002060201 0000fdea", Hop = "400304c0000202",
    Route = "20cb007101";

    [Fact]
    public async Task A_peer_that_accepts_and_never_answers_is_given_up_after_four_minutes_and_tried_again()
    {
        await using var lab = new SessionLab();
        using (var mute = await lab.Peer.Accept())
        {
            await mute.Read<OpenMessage>();
            await lab.Until(BgpStateName.OpenSent);
            lab.Time.Advance(BgpFsm.OpenHoldTime);
            Assert.Equal(Notification.HoldTimerExpired, await mute.Read<Notification>());
            await mute.ReadEnd();
        }

        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal((Notification.HoldTimerExpired, 0), (status.NotificationSent, status.Flaps));
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
    }

    public static IEnumerable<TheoryDataRow<string, Notification>> Fatal =>
    [
        Ends("00000000000000000000000000000000 0013 04", Notification.ConnectionNotSynchronized, "no marker"),
        Ends(Marker + "0012 04", Notification.BadMessageLength(18), "a message shorter than its header"),
        Ends(Marker + "0014 04 00", Notification.BadMessageLength(20), "a KEEPALIVE with a body"),
        Ends(Marker + "0013 09", Notification.BadMessageType(9), "a type that nobody knows"),
        Ends(Marker + "0018 05 0001 01 01 00", Notification.RouteRefreshLength(Hex(Marker + "0018 05 0001 01 01 00")),
            "a bracket of a refresh with an octet too many"),
        Ends(Marker + "0017 02 ffff 0000", Notification.Update(UpdateMessageError.MalformedAttributeList), "an UPDATE whose lengths do not add up"),
        Ends(Update(Origin + Path + Hop, "21cb00710100"), Notification.Update(UpdateMessageError.InvalidNetworkField), "a prefix that is too long"),
        Ends(Update(Origin + Path + "800e0100", ""), Notification.Update(UpdateMessageError.OptionalAttributeError, [0x80, 0x0e, 0x01, 0x00]),
            "MP_REACH_NLRI without a family"),
        Ends(Convert.ToHexString(ScriptedPeer.Open.ToArray()), Notification.Unexpected(FiniteStateMachineError.UnexpectedInEstablished, BgpMessageType.Open),
            "another OPEN"),
    ];

    [Theory, MemberData(nameof(Fatal))]
    public async Task What_cannot_be_understood_ends_the_session_with_the_right_words(string bytes, Notification expected)
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        peer.Send(Hex(bytes));
        Assert.Equal(expected, await peer.ReadUntil<Notification>());
        await peer.ReadEnd();
        var status = await lab.Until(BgpStateName.Idle);
        Assert.Equal((expected, 1), (status.NotificationSent, status.Flaps));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Mild =>
    [
        Stays(Update(Path + Hop, Route), "MissingWellKnownAttribute in Origin: TreatAsWithdraw", "no ORIGIN"),
        Stays(Update("40010103" + Path + Hop, Route), "InvalidOrigin in Origin: TreatAsWithdraw", "ORIGIN 3"),
        Stays(Update(Origin + "4002060501 0000fdea" + Hop, Route), "MalformedAsPath in AsPath: TreatAsWithdraw", "AS_PATH with an unknown segment"),
        Stays(Update(Origin + "4002060201 00000000" + Hop, Route), "MalformedAsPath in AsPath: TreatAsWithdraw", "AS 0 in AS_PATH"),
        Stays(Update(Origin + Path + "400304e0000001", Route), "InvalidNextHop in NextHop: TreatAsWithdraw", "a multicast NEXT_HOP"),
        Stays(Update(Origin + Path + Hop + "800403000000", Route), "AttributeLengthError in MultiExitDisc: TreatAsWithdraw", "a MED of three octets"),
        Stays(Update(Origin + Path + Hop + "40060100", Route), "AttributeLengthError in AtomicAggregate: AttributeDiscard", "ATOMIC_AGGREGATE with a value"),
        Stays(Update(Origin + Path + Hop + "c00803fde900", Route), "AttributeLengthError in Communities: TreatAsWithdraw", "half a community"),
        Stays(Update(Origin + Path + Hop + "c02008 0000000000000000", Route), "AttributeLengthError in LargeCommunities: TreatAsWithdraw",
            "half a large community"),
        Stays(Update(Origin + Origin + Path + Hop, Route), "MalformedAttributeList in Origin: AttributeDiscard", "ORIGIN twice"),
        Stays(Update(Origin + Path + Hop + "40c80100", Route), "UnrecognizedWellKnownAttribute", "an unknown attribute that calls itself well-known"),
        Stays(Update(Origin + Path + Hop + "c008ff00", Route), "AttributeLengthError in Communities: TreatAsWithdraw", "an attribute that runs over"),
        Stays(Update(Origin + Path + "800e0900020103c000020000", ""), "OptionalAttributeError in MpReachNlri: DisableFamily",
            "MP_REACH_NLRI without a next hop"),
    ];

    [Theory, MemberData(nameof(Mild))]
    public async Task A_malformed_update_whose_routes_can_be_told_is_noted_and_nothing_more(string bytes, string fault)
    {
        await using var lab = new SessionLab();
        using var peer = await lab.Peer.Establish();
        await lab.Until(BgpStateName.Established);
        peer.Send(Hex(bytes));
        await Daemon.Eventually(() => lab.Session.Status.LastUpdateFault ?? "", noted => noted.Contains(fault, StringComparison.Ordinal));
        peer.Send(new RouteRefreshMessage(Family.Ipv4Unicast)); // answered: the session lives
        await peer.ReadUntil<RouteRefreshMessage>();
        Assert.Equal((BgpStateName.Established, 0), (lab.Session.Status.State, lab.Session.Status.Flaps));
    }

    [Fact]
    public async Task While_one_peer_does_not_read_and_another_sends_nonsense_a_third_hears_of_every_change_at_once()
    {
        using var stuck = new ScriptedPeer(IPAddress.Parse("127.0.0.2"));
        using var mad = new ScriptedPeer(IPAddress.Parse("127.0.0.3"));
        using var good = new ScriptedPeer(IPAddress.Parse("127.0.0.4"));
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLog()));
        await using var speaker = new BgpSpeaker(new() { Node = new(BgpLab.Node(1)), ListenOn = [], RouterId = RouterId.Parse("192.0.2.1") },
            HostNetwork.Instance, TimeProvider.System, logs.CreateLogger<BgpSpeaker>());
        var many = Enumerable.Range(0, 300_000).Select(i => Plan.Route($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32"));
        await speaker.Whole(1, 1, [Peer("stuck", stuck), Peer("mad", mad), Peer("good", good)], many);
        using var silent = await stuck.Accept();
        await silent.Establish(ScriptedPeer.Ipv4Open); // and reads no more
        using var listener = await good.Accept();
        await listener.Establish(ScriptedPeer.Ipv4Open);
        await listener.ReadUntil<ReceivedUpdate>(update => update.EndOfRib == Family.Ipv4Unicast);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var nonsense = await mad.Accept();
            nonsense.Send("GET / HTTP/1.1\r\nHost: node\r\n\r\n"u8);
            await nonsense.ReadUntil<Notification>();
        }

        await speaker.Step(1, 2, [Plan.Route("203.0.113.5/32")], []);

        var heard = await listener.ReadUntil<ReceivedUpdate>(); // a KEEPALIVE may be due
        Assert.Equal(1, heard.Announced + heard.Withdrawn); // the loopback as next hop makes a withdrawal of it (RFC 7606 §7.3)
        Assert.Equal([("good", BgpStateName.Established, 0), ("stuck", BgpStateName.Established, 0)],
            speaker.Sessions.Where(session => session.Peer.Name != "mad").Select(session => (session.Peer.Name, session.State, session.Flaps)));
        Assert.Contains("1/1", speaker.Sessions.Single(session => session.Peer.Name == "mad").NotificationSent!.ToString(), StringComparison.Ordinal);
        await speaker.Kill();
    }

    private static Core.Configuration.BgpPeer Peer(string name, ScriptedPeer at) => Plan.Peer(at.Address.ToString()) with { Name = name, Port = at.Port };

    private static string Update(string attributes, string nlri)
    {
        var (first, second) = (Hex(attributes), Hex(nlri));
        return $"{Marker}{BgpHeader.Length + 4 + first.Length + second.Length:x4}02 0000 {first.Length:x4}{attributes}{nlri}";
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static TheoryDataRow<string, Notification> Ends(string bytes, Notification expected, string name) =>
        new(bytes, expected) { TestDisplayName = name };

    private static TheoryDataRow<string, string> Stays(string bytes, string fault, string name) => new(bytes, fault) { TestDisplayName = name };
}
