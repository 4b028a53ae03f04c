namespace OrleansLb.Speaker.Responding;

/// <summary>What the responder makes of a neighbour discovery frame; also the metric attribute.</summary>
public enum NdpVerdict
{
    /// <summary>Somebody asks for an address that is announced here, or whether it is free.</summary>
    Answer,

    /// <summary>Another host says that it holds an address that is assigned here.</summary>
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

    /// <summary>Another host asks whether an address is free while we ask the same (RFC 4862 §5.4.3).</summary>
    RivalProbe,

    /// <summary>The address is assigned here and not announced: it is being probed, or another holder was heard.</summary>
    Silent,

    /// <summary>The node's kernel bears the address and answers for it.</summary>
    KernelAnswers,

    /// <summary>Another node answers this asker.</summary>
    NotOurShare,

    /// <summary>The asker has had its answers for now.</summary>
    TooMany,

    /// <summary>The speaker stood still and does not know yet whether another node has taken over.</summary>
    Fenced,
}
