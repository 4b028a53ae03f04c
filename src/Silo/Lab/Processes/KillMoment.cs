namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What is going on when a process is killed.</summary>
internal enum KillMoment
{
    /// <summary>Services are created, and others deleted.</summary>
    Allocation,

    /// <summary>Another process has just been killed.</summary>
    Election,

    /// <summary>A process stops in order and hands its addresses over.</summary>
    HandOver,
}
