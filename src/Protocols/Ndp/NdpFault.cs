namespace OrleansLb.Protocols.Ndp;

/// <summary>Why a frame is no valid neighbour solicitation or advertisement (RFC 4861 §7.1.1, §7.1.2).</summary>
public enum NdpFault
{
    None,
    NotNeighborDiscovery,
    Truncated,
    HopLimit,
    Checksum,
    Code,
    Options,
    MulticastTarget,
    ProbeNotToSolicitedNode,
    ProbeWithLinkLayer,
    SolicitedToGroup,
}
