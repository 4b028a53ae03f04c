namespace OrleansLb.Protocols.Bgp;

/// <summary>What to do about a fault in an UPDATE, mildest first (RFC 7606 §2).</summary>
public enum FaultAction
{
    /// <summary>Go on without the attribute.</summary>
    AttributeDiscard,

    /// <summary>Take all routes of the UPDATE as withdrawn.</summary>
    TreatAsWithdraw,

    /// <summary>Ignore the family from here on.</summary>
    DisableFamily,

    /// <summary>Its routes cannot be told apart: end the session.</summary>
    SessionReset,
}
