namespace OrleansLb.LocalGrains.Calls;

/// <summary>Where a call is.</summary>
internal enum CallState
{
    /// <summary>On its way.</summary>
    Sent,

    /// <summary>At its receiver, behind another call.</summary>
    Waiting,

    /// <summary>Started; suspended or in a turn.</summary>
    Running,

    /// <summary>Over for its receiver.</summary>
    Done,
}
