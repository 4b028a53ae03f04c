namespace OrleansLb.Protocols.Icmp;

/// <summary>Why a frame is no echo request that may be answered.</summary>
public enum EchoFault
{
    None,
    NotEchoRequest,
    Truncated,
    HeaderChecksum,

    /// <summary>A part of a datagram: to answer a part would be wrong, and nothing here puts datagrams together.</summary>
    Fragment,
    Checksum,

    /// <summary>Its source is no host's address, or no station's: an answer would go to many, or to nobody (RFC 1122 §3.2.1.3).</summary>
    BadSource,
}
