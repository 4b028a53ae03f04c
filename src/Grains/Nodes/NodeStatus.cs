using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Routes;

namespace OrleansLb.Grains.Nodes;

/// <summary>A node as its grain knows it.</summary>
/// <param name="Session">The speaker's session; null while none is connected.</param>
/// <param name="PlanVersion">The version of <paramref name="Plan"/>.</param>
/// <param name="SpeakerVersion">The version that its speaker last said it had.</param>
/// <param name="Peers">Its BGP sessions, sorted by name.</param>
/// <param name="Routes">The prefixes that it announces by BGP.</param>
/// <param name="Counts">What its speaker has done for the addresses of the plan, as it last told.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeStatus")]
public sealed record NodeStatus(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] string? Session,
    [property: Id(2)] bool Alive,
    [property: Id(3)] bool Draining,
    [property: Id(4)] DateTimeOffset SteadySince,
    [property: Id(5)] long PlanVersion,
    [property: Id(6)] long SpeakerVersion,
    [property: Id(7)] EquatableList<Assignment> Plan,
    [property: Id(8)] NodeLinks Links,
    [property: Id(9)] EquatableList<PeerStatus> Peers,
    [property: Id(10)] EquatableList<PrefixRoute> Routes,
    [property: Id(11)] EquatableList<AddressCount> Counts = default);
