namespace OrleansLb.Protocols.Bgp;

/// <summary>Address Family Identifiers that matter here (IANA address family numbers).</summary>
public enum Afi : ushort
{
    Ipv4 = 1,
    Ipv6 = 2,
}

/// <summary>Subsequent Address Family Identifiers that matter here (RFC 4760 §6).</summary>
public enum Safi : byte
{
    Unicast = 1,
}

/// <summary>What kind of routes: an AFI with a SAFI (RFC 4760).</summary>
public readonly record struct Family(Afi Afi, Safi Safi)
{
    /// <summary>IPv4 unicast, the family of plain UPDATEs.</summary>
    public static Family Ipv4Unicast => new(Afi.Ipv4, Safi.Unicast);

    /// <summary>IPv6 unicast (RFC 2545).</summary>
    public static Family Ipv6Unicast => new(Afi.Ipv6, Safi.Unicast);

    /// <summary>The longest prefix that the family can carry, 0 for a family that this speaker does not know.</summary>
    public int MaxPrefixLength =>
        this == Ipv4Unicast ? 32
        : this == Ipv6Unicast ? 128
        : 0;

    public override string ToString() =>
        this == Ipv4Unicast ? "ipv4-unicast"
        : this == Ipv6Unicast ? "ipv6-unicast"
        : $"afi-{(ushort)Afi}-safi-{(byte)Safi}";
}
