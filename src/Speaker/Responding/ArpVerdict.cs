namespace OrleansLb.Speaker.Responding;

/// <summary>What the responder makes of an ARP frame; also the metric attribute.</summary>
public enum ArpVerdict
{
    /// <summary>Somebody asks for an address that is announced here.</summary>
    Answer,

    /// <summary>Another host says that it holds an address that is announced here.</summary>
    Conflict,
    Malformed,
    OwnFrame,

    /// <summary>Neither broadcast nor sent to this interface.</summary>
    NotToUs,
    NotARequest,
    NotAnnounced,

    /// <summary>The asker gives a group address, or none, as its own.</summary>
    BadSender,
}
