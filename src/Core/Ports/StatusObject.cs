using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Ports;

/// <summary>The kinds of objects that show how something stands on one node.</summary>
public enum StatusKind
{
    /// <summary>Ours: a BGP session, by its peer.</summary>
    BgpSession,

    /// <summary>MetalLB's ServiceBGPStatus: the peers that a service is announced to.</summary>
    ServiceBgp,

    /// <summary>MetalLB's ServiceL2Status: the interfaces on which a service is announced.</summary>
    ServiceLayer2,

    /// <summary>A node's entry in the status of OpenELB's BgpPeer: how its session stands.</summary>
    OpenElbPeer,

    /// <summary>A node's entry in the status of OpenELB's BgpConf: what it is to its routers.</summary>
    OpenElbConf,
}

/// <summary>What a status object is about; there is one object for each.</summary>
/// <param name="Of">The peer, the service or the object of OpenELB, as text.</param>
public readonly record struct StatusSubject(StatusKind Kind, NodeName Node, string Of) : IComparable<StatusSubject>
{
    public int CompareTo(StatusSubject other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        return Node != other.Node ? Node.CompareTo(other.Node) : string.CompareOrdinal(Of, other.Of);
    }
}

/// <summary>How something stands on a node, for an object of its own that operators and other programs read.</summary>
public abstract record StatusObject
{
    private StatusObject()
    {
    }

    public abstract StatusSubject Subject { get; }

    /// <summary>A BGP session.</summary>
    /// <param name="State">Of the shown states, see <see cref="SessionHealth"/>.</param>
    /// <param name="Message">What is wrong and what to do; empty while all is well.</param>
    public sealed record BgpSession(NodeName Node, string Peer, SessionHealth State, DateTimeOffset Since, PeerStatus? Status, string Message) : StatusObject
    {
        public override StatusSubject Subject => new(StatusKind.BgpSession, Node, Peer);
    }

    /// <summary>The peers that a node announces a service to.</summary>
    /// <param name="Peers">By name, sorted.</param>
    public sealed record ServiceBgp(ServiceName Service, NodeName Node, EquatableList<string> Peers) : StatusObject
    {
        public override StatusSubject Subject => new(StatusKind.ServiceBgp, Node, Service.ToString());
    }

    /// <summary>The interfaces on which a node announces a service by ARP and NDP.</summary>
    /// <param name="Interfaces">By name, sorted; empty means every one that can be used.</param>
    public sealed record ServiceLayer2(ServiceName Service, NodeName Node, EquatableList<string> Interfaces) : StatusObject
    {
        public override StatusSubject Subject => new(StatusKind.ServiceLayer2, Node, Service.ToString());
    }

    /// <summary>A session with a router that OpenELB's BgpPeer declares.</summary>
    /// <param name="Object">The name of the BgpPeer.</param>
    /// <param name="Health">Unknown while the node's speaker is not heard from, whatever <paramref name="Status"/> said last.</param>
    public sealed record OpenElbPeer(NodeName Node, string Object, SessionHealth Health, DateTimeOffset Since, PeerStatus Status) : StatusObject
    {
        public override StatusSubject Subject => new(StatusKind.OpenElbPeer, Node, Object);
    }

    /// <summary>The numbers under which a node speaks to the routers that OpenELB's BgpPeers declare.</summary>
    /// <param name="RouterId">Its BGP identifier (RFC 6286), as an IPv4 address.</param>
    public sealed record OpenElbConf(NodeName Node, uint Asn, Address RouterId) : StatusObject
    {
        /// <summary>OpenELB honours one BgpConf alone.</summary>
        public const string TheOne = "default";

        public override StatusSubject Subject => new(StatusKind.OpenElbConf, Node, TheOne);
    }
}

/// <summary>What an operator wants to know of a session: the six states of RFC 4271 change too often while there is none.</summary>
public enum SessionHealth
{
    Established,

    /// <summary>There is no session; it is tried again and again.</summary>
    Down,

    /// <summary>The node's speaker is not heard from.</summary>
    Unknown,
}
