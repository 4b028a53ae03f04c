namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Why an echo request gets no answer; also the metric attribute. What is no such request at all is named by its <see cref="Protocols.Icmp.EchoFault"/>.
/// </summary>
public enum EchoVerdict
{
    Answer,

    /// <summary>To an address that is none of ours: most likely the node's own.</summary>
    NotAnnounced,

    /// <summary>Sent to another station, or to a group.</summary>
    NotToUs,

    /// <summary>The address is assigned here and not announced.</summary>
    Silent,

    /// <summary>The node's kernel bears the address and answers itself.</summary>
    KernelAnswers,

    /// <summary>The asker has had its answers for now.</summary>
    TooMany,

    /// <summary>The speaker stood still and does not know yet whether another node has taken over.</summary>
    Fenced,
}
