namespace OrleansLb.Protocols.Bgp;

/// <summary>IANA path attribute types.</summary>
public enum AttributeType : byte
{
    Origin = 1,
    AsPath = 2,
    NextHop = 3,
    MultiExitDisc = 4,
    LocalPref = 5,
    AtomicAggregate = 6,
    Aggregator = 7,
    Communities = 8,
    OriginatorId = 9,
    ClusterList = 10,
    MpReachNlri = 14,
    MpUnreachNlri = 15,
    ExtendedCommunities = 16,
    As4Path = 17,
    As4Aggregator = 18,
    Ipv6ExtendedCommunities = 25,
    LargeCommunities = 32,
    OnlyToCustomer = 35,
}

/// <summary>The high four bits before an attribute's type (RFC 4271 §4.3).</summary>
[Flags]
public enum AttributeFlags : byte
{
    None = 0,
    ExtendedLength = 0x10,
    Partial = 0x20,
    Transitive = 0x40,
    Optional = 0x80,
}

/// <summary>How the route came into BGP (RFC 4271 §5.1.1).</summary>
public enum Origin : byte
{
    Igp = 0,
    Egp = 1,
    Incomplete = 2,
}

/// <summary>Who aggregated the route (RFC 4271 §5.1.7).</summary>
public readonly record struct Aggregator(Asn Asn, RouterId RouterId);

/// <summary>An attribute that this speaker does not interpret, as it came.</summary>
public sealed record RawAttribute(AttributeFlags Flags, AttributeType Type, ValueList<byte> Value);
