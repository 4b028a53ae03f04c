namespace OrleansLb.Protocols.Bgp;

/// <summary>How UPDATEs stand on the wire of one session, one direction: what both OPENs agreed on.</summary>
public sealed record UpdateFormat
{
    /// <summary>AS numbers in AS_PATH and AGGREGATOR have four octets (RFC 6793 §4.1).</summary>
    public bool FourOctetAs { get; init; }

    /// <summary>Messages may have up to 65,535 octets (RFC 8654).</summary>
    public bool ExtendedMessages { get; init; }

    /// <summary>Families whose NLRI carry a path identifier (RFC 7911 §3).</summary>
    public ValueList<Family> AddPath { get; init; }

    /// <summary>IPv4 routes go out with an IPv6 next hop, in MP_REACH_NLRI (RFC 8950).</summary>
    public bool ExtendedNextHop { get; init; }

    /// <summary>The other side is of the same AS.</summary>
    public bool IsInternal { get; init; }

    /// <summary>The longest message, in octets with its header.</summary>
    public int MaxLength => ExtendedMessages ? BgpHeader.MaxExtendedLength : BgpHeader.MaxLength;

    /// <summary>Whether NLRI of the family carry a path identifier.</summary>
    public bool HasAddPath(Family family)
    {
        foreach (var each in AddPath)
        {
            if (each == family) return true;
        }

        return false;
    }
}
