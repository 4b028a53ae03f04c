using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Announcements;

/// <summary>The BGP part of one step of a node's plan.</summary>
/// <param name="Peers">All peers of the node from now on; null leaves them as they are.</param>
/// <param name="Routes">Prefixes to announce and to withdraw. In a whole plan, all else is withdrawn.</param>
/// <param name="Leaving">The node is being left: routes are announced with GRACEFUL_SHUTDOWN first (RFC 8326).</param>
/// <param name="Complete">With this step the routes are all there are: End-of-RIB may be sent (RFC 4724 §2).</param>
[GenerateSerializer, Immutable, Alias("orleanslb.BgpStep")]
public sealed record BgpStep(
    [property: Id(0)] EquatableList<BgpPeer>? Peers,
    [property: Id(1)] RouteChange Routes,
    [property: Id(2)] bool Leaving,
    [property: Id(3)] bool Complete);
