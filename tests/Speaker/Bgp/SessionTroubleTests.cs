using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>What an operator is told of a session that does not come up.</summary>
public sealed class SessionTroubleTests
{
    private static readonly BgpPeerOptions Plain = new() { Name = "router", Settings = ScriptedPeer.Ours, Address = IPAddress.Loopback };

    public static IEnumerable<TheoryDataRow<ConnectionEnd, string, string>> Ends =>
    [
        new(new(ConnectionEndCause.NotificationSent, Notification.HoldTimerExpired), "we ended it with NOTIFICATION 4/0 hold timer expired",
            "The peer fell silent"),
        new(new(ConnectionEndCause.NotificationReceived, Notification.HoldTimerExpired), "the peer ended it with NOTIFICATION 4/0 hold timer expired",
            "The peer heard nothing from us"),
        new(new(ConnectionEndCause.NotificationReceived, Notification.Open(OpenMessageError.BadPeerAs)),
            "the peer ended it with NOTIFICATION 2/2 open message error: bad peer as", "compare myASN, localASN and peerASN"),
        new(new(ConnectionEndCause.NotificationReceived, Notification.Cease(CeaseSubcode.MaximumPrefixesReached)),
            "the peer ended it with NOTIFICATION 6/1 cease: maximum prefixes reached", "raise its limit"),
        new(new(ConnectionEndCause.ConnectionLost), "the connection broke, or the peer closed it without a word", "know this node as a neighbour"),
    ];

    [Theory, MemberData(nameof(Ends))]
    public void An_end_is_said_in_words_with_what_to_do(ConnectionEnd end, string words, string advice)
    {
        var trouble = SessionTrouble.Of(end);
        Assert.Equal(words, trouble.Words);
        Assert.Contains(advice, trouble.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "takes no BGP from here")]
    [InlineData(SocketError.TimedOut, "is the password the same on both sides")]
    [InlineData(SocketError.HostUnreachable, "no way to the router")]
    [InlineData(SocketError.AddressNotAvailable, "sourceAddress is not an address of this node")]
    public void A_failed_try_says_where_to_look(SocketError error, string advice) =>
        Assert.Contains(advice, SessionTrouble.Of(new SocketException((int)error)).Advice, StringComparison.Ordinal);

    [Fact]
    public void What_other_systems_do_not_offer_is_refused_with_the_reason()
    {
        Assert.Null(BgpTransport.Missing(Plain, isLinux: false));
        Assert.Contains("TCP-MD5", BgpTransport.Missing(Plain with { Password = "s" }, isLinux: false), StringComparison.Ordinal);
        Assert.Contains("GTSM", BgpTransport.Missing(Plain with { Gtsm = true }, isLinux: false), StringComparison.Ordinal);
        Assert.Contains("interface", BgpTransport.Missing(Plain with { Interface = "eth0" }, isLinux: false), StringComparison.Ordinal);
        Assert.Null(BgpTransport.Missing(Plain with { Password = "s", Gtsm = true, Interface = "eth0" }, isLinux: true));
    }

    [Fact]
    public void A_vrf_that_is_not_there_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "binding to a device is Linux's");
        var missing =
            Assert.Throws<LinkException>(() => BgpTransport.ForDialling(HostNetwork.Instance, Plain with { Interface = "no-such-vrf" }, IPAddress.Loopback));
        Assert.Contains("there is no interface or VRF 'no-such-vrf' on this node", missing.Message, StringComparison.Ordinal);
    }
}
