namespace OrleansLb.Protocols.Bgp;

/// <summary>The attributes that routes share (RFC 4271 §5). A null or empty one is absent; the NLRI of MP_REACH and MP_UNREACH are not part of it.</summary>
public sealed record PathAttributes
{
    public static PathAttributes None { get; } = new();

    public Origin? Origin { get; init; }

    public AsPath? AsPath { get; init; }

    /// <summary>Goes into NEXT_HOP or into MP_REACH_NLRI, as the family wants it.</summary>
    public NextHop? NextHop { get; init; }

    public uint? MultiExitDisc { get; init; }

    public uint? LocalPref { get; init; }

    public bool AtomicAggregate { get; init; }

    public Aggregator? Aggregator { get; init; }

    public ValueList<Community> Communities { get; init; }

    public ValueList<ExtendedCommunity> ExtendedCommunities { get; init; }

    /// <summary>The four-octet path beside an AS_PATH of two-octet numbers (RFC 6793 §4.2.2).</summary>
    public AsPath? As4Path { get; init; }

    public Aggregator? As4Aggregator { get; init; }

    public ValueList<LargeCommunity> LargeCommunities { get; init; }

    /// <summary>From here on the route goes to customers only (RFC 9234 §5).</summary>
    public Asn? OnlyToCustomer { get; init; }

    public ValueList<RawAttribute> Unknown { get; init; }
}
