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
    /// <summary>Of our own AS.</summary>
    public static PeerAs Internal => new(PeerAsKind.Internal, default);

    /// <summary>Of any other AS.</summary>
    public static PeerAs External => new(PeerAsKind.External, default);

    /// <summary>Of whichever AS it says.</summary>
    public static PeerAs Any => new(PeerAsKind.Any, default);

    /// <summary>Of this AS.</summary>
    public static PeerAs Exactly(Asn asn) => new(PeerAsKind.Exact, asn);

    /// <summary>Whether a peer that says <paramref name="remote"/> is the one; AS 0 never is (RFC 7607).</summary>
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
