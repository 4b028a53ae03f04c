using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Announcements;

/// <summary>The BGP part of one step of a node's plan.</summary>
/// <param name="Peers">All peers of the node from now on; null leaves them as they are. Where there are none, there are no routes either.</param>
/// <param name="Routes">Prefixes to announce and to withdraw. What has not been spoken of since the last whole plan goes with the first step that is
/// <paramref name="Complete"/>, be it that plan itself or a later one (<see cref="FollowedRoutes"/>).</param>
/// <param name="Leaving">The node is being left: routers are asked to avoid its routes first (GRACEFUL_SHUTDOWN, RFC
/// 8326), unless they keep them over a restart.</param>
/// <param name="ForGood">No restart follows: all routers are asked to avoid its routes, and peers that go from the plan
/// are told of a shutdown (RFC 9003).</param>
/// <param name="Complete">With this step the routes are all there are: End-of-RIB may be sent (RFC 4724 §2).</param>
[GenerateSerializer, Immutable, Alias("orleanslb.BgpStep")]
public sealed record BgpStep(
    [property: Id(0)] EquatableList<BgpPeer>? Peers,
    [property: Id(1)] RouteChange Routes,
    [property: Id(2)] bool Leaving,
    [property: Id(3)] bool Complete,
    [property: Id(4)] bool ForGood = false);
