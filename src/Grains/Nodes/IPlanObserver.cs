using OrleansLb.Core;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Grains.Nodes;

/// <summary>A node's speaker as its grain reaches it.</summary>
[Alias("orleanslb.IPlanObserver")]
public interface IPlanObserver : IGrainObserver
{
    /// <summary>
    /// Takes one step of the plan. Steps come in order, one at a time: the next one only after this one's task is done, so it must not wait for the wire.
    /// </summary>
    [Alias("PlanChanged")]
    Task PlanChanged(PlanChange change);

    /// <summary>What each BGP peer has been told at this moment, and what not and why.</summary>
    [Alias("Routes")]
    Task<EquatableList<PeerRoutes>> Routes();
}
