using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Routes;

/// <summary>The path attributes that configuration decides (RFC 4271 §5); the session adds its own.</summary>
/// <param name="Communities">Sorted, each once; aliases resolved.</param>
/// <param name="Weight">Endpoints behind the route on this node, for the link bandwidth community; null without it.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteAttributes")]
public sealed record RouteAttributes(
    [property: Id(0)] uint? LocalPref,
    [property: Id(1)] uint? Med,
    [property: Id(2)] EquatableList<Community> Communities,
    [property: Id(3)] int? Weight);

/// <summary>What one advertisement contributes to a prefix, and to which peers.</summary>
/// <param name="Peers">By name, sorted; none means every peer.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteTerm")]
public sealed record RouteTerm([property: Id(0)] string Advertisement, [property: Id(1)] EquatableList<string> Peers,
    [property: Id(2)] RouteAttributes Attributes)
{
    public bool Reaches(string peer) => Peers.Count == 0 || Peers.Contains(peer);
}

/// <summary>A prefix that a node announces, with what each advertisement says of it.</summary>
/// <param name="Terms">Sorted by advertisement; never empty.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PrefixRoute")]
public sealed record PrefixRoute([property: Id(0)] Prefix Prefix, [property: Id(1)] EquatableList<RouteTerm> Terms)
{
    /// <summary>
    /// The attributes towards one peer; null when it is not to have the prefix. Where several advertisements speak, their communities are
    /// united, the highest LOCAL_PREF and the lowest MED stand, and weights are those of the most endpoints.
    /// </summary>
    public RouteAttributes? Towards(string peer)
    {
        RouteAttributes? merged = null;
        foreach (var term in Terms)
        {
            if (term.Reaches(peer)) merged = merged is null ? term.Attributes : Merge(merged, term.Attributes);
        }
        return merged;
    }

    private static RouteAttributes Merge(RouteAttributes one, RouteAttributes other) => new(
        Highest(one.LocalPref, other.LocalPref),
        one.Med is { } a && other.Med is { } b ? Math.Min(a, b) : one.Med ?? other.Med,
        one.Communities == other.Communities ? one.Communities : CommunityOrder.Sorted(one.Communities.Concat(other.Communities)),
        one.Weight is { } c && other.Weight is { } d ? Math.Max(c, d) : one.Weight ?? other.Weight);

    private static uint? Highest(uint? one, uint? other) => one is { } a && other is { } b ? Math.Max(a, b) : one ?? other;
}
