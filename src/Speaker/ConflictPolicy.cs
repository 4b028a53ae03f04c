namespace OrleansLb.Speaker;

/// <summary>What a speaker does about another host that claims an address which is announced here.</summary>
public enum ConflictPolicy
{
    /// <summary>Tell the cluster.</summary>
    Report,

    /// <summary>Tell the cluster, and the segment once more, as RFC 5227 §2.4 (c) allows.</summary>
    Defend,
}
