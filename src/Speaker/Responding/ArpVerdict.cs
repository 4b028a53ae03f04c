namespace OrleansLb.Speaker.Responding;

/// <summary>What the responder makes of an ARP frame; also the metric attribute.</summary>
public enum ArpVerdict
{
    /// <summary>Somebody asks for an address that is announced here.</summary>
    Answer,

    /// <summary>Another host says that it holds an address that is assigned here.</summary>
    Conflict,

    /// <summary>No ARP for IPv4 over Ethernet; the <see cref="Protocols.Arp.ArpFault"/> says why.</summary>
    Malformed,
    OwnFrame,

    /// <summary>Neither broadcast nor sent to this interface.</summary>
    NotToUs,
    NotARequest,
    NotAnnounced,

    /// <summary>The asker gives a group address, or none, as its own.</summary>
    BadSender,

    /// <summary>Another host asks whether an address is free while we ask the same (RFC 5227 §2.1.1).</summary>
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
