namespace OrleansLb.Protocols.Ndp;

/// <summary>The ICMPv6 types of neighbour discovery that concern an address (RFC 4861 §4.3, §4.4).</summary>
public enum NdpType : byte
{
    NeighborSolicitation = 135,
    NeighborAdvertisement = 136,
}
