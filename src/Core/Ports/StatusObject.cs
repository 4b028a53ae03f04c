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
}

/// <summary>What a status object is about; there is one object for each.</summary>
/// <param name="Of">The peer or the service, as text.</param>
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
