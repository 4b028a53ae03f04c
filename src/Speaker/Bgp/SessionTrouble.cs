using System.Net.Sockets;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Why there is no session, and what an operator can do about it.</summary>
/// <param name="Words">What happened, as the end of "there is no session because …".</param>
/// <param name="Advice">What to do, as a sentence.</param>
public sealed record SessionTrouble(string Words, string Advice)
{
    private const string LookAtRouter = "Look at the router's log; the session is tried again by itself.";

    /// <summary>A connection that ended.</summary>
    public static SessionTrouble Of(ConnectionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return end.Cause switch
        {
            ConnectionEndCause.NotificationSent => new($"we ended it with NOTIFICATION {end.Notification}", AdviceFor(end.Notification!, ours: true)),
            ConnectionEndCause.NotificationReceived =>
                new($"the peer ended it with NOTIFICATION {end.Notification}", AdviceFor(end.Notification!, ours: false)),
            ConnectionEndCause.ClosedForRestart => new("we closed it for a restart", "Nothing: the peer keeps our routes meanwhile."),
            ConnectionEndCause.PeerRestarted => new("the peer restarted and connected anew", "Nothing: the session begins again."),
            _ => new("the connection broke, or the peer closed it without a word",
                $"Is the router up, and does it know this node as a neighbour? {LookAtRouter}"),
        };
    }

    /// <summary>A place at which a peer cannot connect to us.</summary>
    public static SessionTrouble OfListening(string why)
    {
        ArgumentNullException.ThrowIfNull(why);
        return new($"this node cannot listen for the peer: {why.TrimEnd('.')}",
            "Another program, such as a routing daemon of the node, may have the port: stop it, or give the peer a listenPort (and the router the same).");
    }

    /// <summary>A connection that could not be made.</summary>
    public static SessionTrouble Of(Exception failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return new(failed.Message.TrimEnd('.'), failed switch
        {
            SocketException refused => AdviceFor(refused.SocketErrorCode),
            PlatformNotSupportedException => "Take the field from the peer, or let nodes with Linux peer with it (nodeSelectors).",
            _ => "Mend what it names; the session is tried again by itself.",
        });
    }

    private static string AdviceFor(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "The router is there, but takes no BGP from here: is BGP on, on that port, with this node as a neighbour?",
        SocketError.TimedOut =>
            "Nothing came back: is the address right, does a firewall stop TCP port 179, is the password the same on both sides, is the peer more hops away "
                + "than the TTL allows (ebgpMultiHop)?",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            "This node has no way to the router: look at its routes and links, and at sourceAddress and interface of the peer.",
        SocketError.AddressNotAvailable => "sourceAddress is not an address of this node; set it to one, or leave it out.",
        SocketError.AccessDenied =>
            "The system forbids it: the speaker takes the capability NET_RAW to bind to an interface, and a firewall rule may reject port 179.",
        _ => "Look at the node's network; the session is tried again by itself.",
    };

    private static string AdviceFor(Notification notification, bool ours) => notification.Code switch
    {
        NotificationCode.HoldTimerExpired => ours
            ? "The peer fell silent for the hold time: is it up, and does the link lose packets?"
            : "The peer heard nothing from us for the hold time: does the link lose packets, is this node overloaded?",
        NotificationCode.SendHoldTimerExpired =>
            "The side that was told does not read what it is sent: it hangs, or the link loses large packets (look at the MTU).",
        NotificationCode.OpenMessageError => AdviceFor((OpenMessageError)notification.Subcode),
        NotificationCode.Cease => AdviceFor((CeaseSubcode)notification.Subcode),
        _ => "One side did not understand the other; please report it with what both logs say.",
    };

    private static string AdviceFor(OpenMessageError error) => error switch
    {
        OpenMessageError.BadPeerAs =>
            "The autonomous systems do not agree: compare myASN, localASN and peerASN of the peer with what the router is configured with.",
        OpenMessageError.BadBgpIdentifier => "Two speakers have one BGP identifier: give the peer a routerID that nobody else has.",
        OpenMessageError.UnacceptableHoldTime => "The hold times do not suit: set holdTime to 0s or to at least what the router asks for.",
        OpenMessageError.UnsupportedCapability =>
            "The sides have no address family in common: compare dualStackAddressFamily of the peer with the router's families.",
        OpenMessageError.RoleMismatch => "The roles do not fit (RFC 9234): customer goes with provider, rs-client with rs, peer with peer.",
        _ => LookAtRouter,
    };

    private static string AdviceFor(CeaseSubcode subcode) => subcode switch
    {
        CeaseSubcode.MaximumPrefixesReached =>
            "The router takes fewer routes from us than there are: raise its limit, or announce an aggregate (aggregationLength).",
        CeaseSubcode.AdministrativeShutdown or CeaseSubcode.PeerDeconfigured =>
            "Somebody shut the session down on purpose; turn it on again where that was done.",
        CeaseSubcode.ConnectionRejected => "The router has no neighbour that suits this node: compare address, AS and password there.",
        CeaseSubcode.OutOfResources => "The router has run out of memory or sessions.",
        CeaseSubcode.BfdDown => "BFD found the way to the peer dead: look at the link between them.",
        CeaseSubcode.ConnectionCollisionResolution or CeaseSubcode.AdministrativeReset or CeaseSubcode.OtherConfigurationChange or CeaseSubcode.HardReset =>
            "Nothing: the session begins again by itself.",
        _ => LookAtRouter,
    };
}
