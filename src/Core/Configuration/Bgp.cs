using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>The autonomous system that a peer must be of.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.RemoteAs")]
public abstract record RemoteAs
{
    private RemoteAs()
    {
    }

    /// <summary>This number (1..4294967295, RFC 6793; 0 is refused, RFC 7607).</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.RemoteAs.Number")]
    public sealed record Number([property: Id(0)] uint Asn) : RemoteAs;

    /// <summary>The same as ours, whatever it is.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.RemoteAs.Internal")]
    public sealed record Internal : RemoteAs;

    /// <summary>Any other than ours.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.RemoteAs.External")]
    public sealed record External : RemoteAs;
}

/// <summary>A secret text: its value never appears in a log or a message.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.SecretText")]
public readonly record struct SecretText([property: Id(0)] string Value)
{
    public override string ToString() => "(secret)";
}

/// <summary>A Secret by name; its namespace is never empty.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.SecretReference")]
public sealed record SecretReference([property: Id(0)] string Namespace, [property: Id(1)] string Name);

/// <summary>A router that the speakers of some nodes peer with (RFC 4271).</summary>
/// <param name="LocalAsn">Our autonomous system towards this peer.</param>
/// <param name="Address">The peer's address; null for an unnumbered peer, which <paramref name="Interface"/> names, and for a peer that is a range.</param>
/// <param name="Interface">The interface of an unnumbered peer (RFC 8950), or the device to bind to.</param>
/// <param name="Port">TCP port of the peer, 1..65535.</param>
/// <param name="RouterId">Our BGP identifier (RFC 6286); null derives it from the node's address.</param>
/// <param name="HoldTime">Zero, or 3 to 65535 seconds; null takes the default.</param>
/// <param name="KeepaliveTime">At most the hold time; null takes a third of it.</param>
/// <param name="ConnectRetryTime">1 to 65535 seconds; null takes the default.</param>
/// <param name="MultihopTtl">The TTL to send with, 2..255; null for a directly connected peer.</param>
/// <param name="Gtsm">Send with TTL 255 and accept nothing lower (RFC 5082).</param>
/// <param name="Passive">Wait for the peer to connect.</param>
/// <param name="NodeSelectors">Any of them must match the node; none means every node.</param>
/// <param name="LocalAs">Shown to the peer in place of <paramref name="LocalAsn"/> (RFC 7705).</param>
[GenerateSerializer, Immutable, Alias("orleanslb.BgpPeer")]
public sealed record BgpPeer(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] uint LocalAsn,
    [property: Id(2)] RemoteAs RemoteAs,
    [property: Id(3)] Address? Address,
    [property: Id(4)] string? Interface,
    [property: Id(5)] EquatableList<LabelSelector> NodeSelectors,
    [property: Id(6)] int Port = 179,
    [property: Id(7)] Address? SourceAddress = null,
    [property: Id(8)] Address? RouterId = null,
    [property: Id(9)] TimeSpan? HoldTime = null,
    [property: Id(10)] TimeSpan? KeepaliveTime = null,
    [property: Id(11)] TimeSpan? ConnectRetryTime = null,
    [property: Id(12)] int? MultihopTtl = null,
    [property: Id(13)] bool Gtsm = false,
    [property: Id(14)] bool Passive = false,
    [property: Id(15)] SecretText? Password = null,
    [property: Id(16)] bool GracefulRestart = false,
    [property: Id(17)] bool DualStack = false,
    [property: Id(18)] uint? LocalAs = null,
    [property: Id(19)] string? BfdProfile = null,
    [property: Id(20)] string? Vrf = null) : Declaration(Source, Created)
{
    /// <summary>Where <see cref="Password"/> stands, when it is not in the peer itself.</summary>
    [Id(21)]
    public SecretReference? PasswordSecret { get; init; }

    /// <summary>What we are to the peer (RFC 9234); null says nothing of it.</summary>
    [Id(22)]
    public PeerRole? Role { get; init; }

    /// <summary>A peer that names no role is refused (RFC 9234 §4.2).</summary>
    [Id(23)]
    public bool StrictRole { get; init; }

    /// <summary>Offer to send several paths for one prefix (RFC 7911), in every family of the session.</summary>
    [Id(24)]
    public bool AddPath { get; init; }

    /// <summary>Null for our own addresses.</summary>
    [Id(25)]
    public PeerNextHop? NextHop { get; init; }

    /// <summary>How long the peer keeps our routes for us to come back, 1 to 4095 seconds (RFC 4724 §3); null takes the default.</summary>
    [Id(26)]
    public TimeSpan? RestartTime { get; init; }

    /// <summary>Set for a peer that is no single router: every neighbour of the range that connects has a session of its own.</summary>
    [Id(27)]
    public ListenRange? Range { get; init; }

    /// <summary>Where the peer may connect; null for the usual port of every address.</summary>
    [Id(28)]
    public PeerListening? Listening { get; init; }
}

/// <summary>Where a peer may connect to its nodes.</summary>
/// <param name="Addresses">Of the node; none means every one. Those that a node does not have are no use there.</param>
/// <param name="Port">1..65535; 0 when it may not connect at all.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PeerListening")]
public sealed record PeerListening([property: Id(0)] EquatableList<Address> Addresses, [property: Id(1)] int Port)
{
    /// <summary>RFC 4271 §8.2.1.</summary>
    public const int UsualPort = 179;
}

/// <summary>Whoever connects from these addresses is a peer; nobody is dialled.</summary>
/// <param name="Limit">How many neighbours may have a session at once, 1..<see cref="MostLimit"/>.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ListenRange")]
public sealed record ListenRange([property: Id(0)] Prefix Prefix, [property: Id(1)] int Limit)
{
    public const int DefaultLimit = 100, MostLimit = 1000;
}

/// <summary>A community as configuration writes it.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Community")]
public abstract record Community
{
    private Community()
    {
    }

    /// <summary>RFC 1997: four octets, written as two 16-bit numbers.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.Community.Standard")]
    public sealed record Standard([property: Id(0)] uint Value) : Community;

    /// <summary>RFC 8092: three 32-bit numbers.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.Community.Large")]
    public sealed record Large([property: Id(0)] uint Global, [property: Id(1)] uint Data1, [property: Id(2)] uint Data2) : Community;

    /// <summary>A name that a <see cref="CommunityAlias"/> gives a value, or a well-known name such as no-export.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.Community.Named")]
    public sealed record Named([property: Id(0)] string Name) : Community;
}

/// <summary>A name for a community, unique over all objects.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.CommunityAlias")]
public sealed record CommunityAlias(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] Community Value) : Declaration(Source, Created);

/// <summary>Addresses of these pools are announced by BGP, from these nodes, to these peers, with these attributes.</summary>
/// <param name="Pools">By name; joined with <paramref name="PoolSelectors"/>; both empty means every pool.</param>
/// <param name="Peers">By name; none means every peer.</param>
/// <param name="AggregationLength">Length of the IPv4 prefix that covers a service's address, 1..32.</param>
/// <param name="AggregationLengthV6">Likewise for IPv6, 1..128.</param>
/// <param name="LocalPref">LOCAL_PREF towards internal peers (RFC 4271 §5.1.5); null sends the default.</param>
/// <param name="Med">MULTI_EXIT_DISC (RFC 4271 §5.1.4); null sends none.</param>
/// <param name="WeightByEndpoints">Adds the link bandwidth extended community in proportion to the node's endpoints.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.BgpAdvertisement")]
public sealed record BgpAdvertisement(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] EquatableList<PoolName> Pools,
    [property: Id(2)] EquatableList<LabelSelector> PoolSelectors,
    [property: Id(3)] EquatableList<LabelSelector> NodeSelectors,
    [property: Id(4)] EquatableList<LabelSelector> ServiceSelectors,
    [property: Id(5)] EquatableList<string> Peers,
    [property: Id(6)] int AggregationLength,
    [property: Id(7)] int AggregationLengthV6,
    [property: Id(8)] uint? LocalPref,
    [property: Id(9)] EquatableList<Community> Communities,
    [property: Id(10)] uint? Med = null,
    [property: Id(11)] bool WeightByEndpoints = false) : Declaration(Source, Created)
{
    public int LengthFor(IpFamily family) => family == IpFamily.IPv4 ? AggregationLength : AggregationLengthV6;
}

/// <summary>Timers of a BFD session (RFC 5880).</summary>
/// <param name="DetectMultiplier">2..255.</param>
/// <param name="EchoInterval">Null without the echo function.</param>
/// <param name="MinimumTtl">1..254; null for single-hop sessions.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.BfdProfile")]
public sealed record BfdProfile(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] TimeSpan ReceiveInterval,
    [property: Id(2)] TimeSpan TransmitInterval,
    [property: Id(3)] int DetectMultiplier,
    [property: Id(4)] TimeSpan? EchoInterval,
    [property: Id(5)] bool Passive,
    [property: Id(6)] int? MinimumTtl) : Declaration(Source, Created);
