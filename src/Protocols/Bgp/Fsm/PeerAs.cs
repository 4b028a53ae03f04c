namespace OrleansLb.Protocols.Bgp;

/// <summary>Which AS the peer must be of.</summary>
public enum PeerAsKind
{
    /// <summary>Exactly the one that is named.</summary>
    Exact,

    /// <summary>The local one.</summary>
    Internal,

    /// <summary>Any but the local one.</summary>
    External,

    /// <summary>Whichever it says.</summary>
    Any,
}

/// <summary>The expectation about a peer's AS: a number, or how it relates to the local one.</summary>
public readonly record struct PeerAs(PeerAsKind Kind, Asn Asn)
{
    public static PeerAs Internal => new(PeerAsKind.Internal, default);

    public static PeerAs External => new(PeerAsKind.External, default);

    public static PeerAs Any => new(PeerAsKind.Any, default);

    public static PeerAs Exactly(Asn asn) => new(PeerAsKind.Exact, asn);

    public bool Accepts(Asn local, Asn remote) => !remote.IsZero && Kind switch
    {
        PeerAsKind.Exact => remote == Asn,
        PeerAsKind.Internal => remote == local,
        PeerAsKind.External => remote != local,
        _ => true,
    };

    /// <summary>Whether the peer is internal, as far as that is known before its OPEN.</summary>
    public bool? IsInternal(Asn local) => Kind switch
    {
        PeerAsKind.Exact => Asn == local,
        PeerAsKind.Internal => true,
        PeerAsKind.External => false,
        _ => null,
    };

    public override string ToString() => Kind == PeerAsKind.Exact ? Asn.ToString() : Kind.ToString().ToLowerInvariant();
}
