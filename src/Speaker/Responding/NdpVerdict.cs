namespace OrleansLb.Speaker.Responding;

/// <summary>What the responder makes of a neighbour discovery frame; also the metric attribute.</summary>
public enum NdpVerdict
{
    /// <summary>Somebody asks for an address that is announced here, or whether it is free.</summary>
    Answer,

    /// <summary>Another host says that it holds an address that is announced here.</summary>
    Conflict,

    /// <summary>RFC 4861 forbids it; the <see cref="Protocols.Ndp.NdpFault"/> says by which rule.</summary>
    Invalid,
    OwnFrame,

    /// <summary>Sent to another station.</summary>
    NotToUs,
    NotASolicitation,
    NotAnnounced,

    /// <summary>The asker gives a group address, or none, as its own.</summary>
    BadSender,
}
