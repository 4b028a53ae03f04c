namespace OrleansLb.Protocols.Bgp;

/// <summary>The attributes that routes share (RFC 4271 §5). A null or empty one is absent; the NLRI of MP_REACH and MP_UNREACH are not part of it.</summary>
public sealed record PathAttributes
{
    /// <summary>No attribute at all.</summary>
    public static PathAttributes None { get; } = new();

    /// <summary>ORIGIN (RFC 4271 §5.1.1).</summary>
    public Origin? Origin { get; init; }

    /// <summary>AS_PATH (RFC 4271 §5.1.2).</summary>
    public AsPath? AsPath { get; init; }

    /// <summary>Goes into NEXT_HOP or into MP_REACH_NLRI, as the family wants it.</summary>
    public NextHop? NextHop { get; init; }

    /// <summary>MULTI_EXIT_DISC: of several ways into our AS the lowest is to be taken (RFC 4271 §5.1.4).</summary>
    public uint? MultiExitDisc { get; init; }

    /// <summary>LOCAL_PREF: within the AS the highest is taken (RFC 4271 §5.1.5).</summary>
    public uint? LocalPref { get; init; }

    /// <summary>ATOMIC_AGGREGATE (RFC 4271 §5.1.6).</summary>
    public bool AtomicAggregate { get; init; }

    /// <summary>AGGREGATOR (RFC 4271 §5.1.7).</summary>
    public Aggregator? Aggregator { get; init; }

    /// <summary>COMMUNITIES (RFC 1997).</summary>
    public ValueList<Community> Communities { get; init; }

    /// <summary>EXTENDED COMMUNITIES (RFC 4360).</summary>
    public ValueList<ExtendedCommunity> ExtendedCommunities { get; init; }

    /// <summary>The four-octet path beside an AS_PATH of two-octet numbers (RFC 6793 §4.2.2).</summary>
    public AsPath? As4Path { get; init; }

    /// <summary>The aggregator's four-octet number beside one of two octets (RFC 6793 §4.2.2).</summary>
    public Aggregator? As4Aggregator { get; init; }

    /// <summary>LARGE_COMMUNITY (RFC 8092).</summary>
    public ValueList<LargeCommunity> LargeCommunities { get; init; }

    /// <summary>From here on the route goes to customers only (RFC 9234 §5).</summary>
    public Asn? OnlyToCustomer { get; init; }

    /// <summary>Attributes that are not known here, as they came.</summary>
    public ValueList<RawAttribute> Unknown { get; init; }
}
