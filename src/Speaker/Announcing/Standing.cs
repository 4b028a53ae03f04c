namespace OrleansLb.Speaker.Announcing;

/// <summary>How an assigned address stands on the segment.</summary>
internal enum Standing
{
    /// <summary>Answered for and announced.</summary>
    Announced,

    /// <summary>To be used for the first time: the segment is being asked whether it is free.</summary>
    Probing,

    /// <summary>Was yielded: the segment is being asked whether it is free again.</summary>
    Reclaiming,

    /// <summary>A stranger had it before its first use; the cluster is to say what becomes of it.</summary>
    Taken,

    /// <summary>Another holder was heard, and it was left to that one for now.</summary>
    Yielded,

    /// <summary>Had no interface for a while, so that others may have taken it over: the cluster is to say whether it is this node's still.</summary>
    Interrupted,
}
