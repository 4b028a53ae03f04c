using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Routes;

namespace OrleansLb.Grains.Nodes;

/// <summary>The BGP side of a node.</summary>
/// <param name="Peers">Its sessions, sorted by peer.</param>
/// <param name="Routes">One entry for each peer of its plan; empty when they were not asked for.</param>
/// <param name="Unrouted">Services that BGP announces and that this node has no route to.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeBgpStatus")]
public sealed record NodeBgpStatus(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] bool Alive,
    [property: Id(2)] bool Draining,
    [property: Id(3)] EquatableList<PeerStatus> Peers,
    [property: Id(4)] EquatableList<PeerRoutes> Routes,
    [property: Id(5)] EquatableList<UnroutedService> Unrouted);
