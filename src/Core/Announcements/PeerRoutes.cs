namespace OrleansLb.Core.Announcements;

/// <summary>A route as a peer was told it.</summary>
/// <param name="Prefix">In CIDR notation.</param>
/// <param name="NextHop">With the link-local one behind it where both are told (RFC 2545 §3).</param>
/// <param name="AsPath">Empty towards internal peers.</param>
/// <param name="Communities">Plain, large and extended ones, as configuration and routers write them.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ToldRoute")]
public sealed record ToldRoute(
    [property: Id(0)] string Prefix,
    [property: Id(1)] string NextHop,
    [property: Id(2)] string AsPath,
    [property: Id(3)] uint? LocalPref,
    [property: Id(4)] uint? Med,
    [property: Id(5)] EquatableList<string> Communities);

/// <summary>A route of the plan that a peer was not told.</summary>
/// <param name="Reason">As in <see cref="HeldBackRoutes.Reason"/>; besides NoSession, NotForPeer and Pending.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.UntoldRoute")]
public sealed record UntoldRoute([property: Id(0)] string Prefix, [property: Id(1)] string Reason);

/// <summary>The routes of a plan from the side of one peer: each is told, or there is a reason.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.PeerRoutes")]
public sealed record PeerRoutes([property: Id(0)] string Peer, [property: Id(1)] EquatableList<ToldRoute> Told,
    [property: Id(2)] EquatableList<UntoldRoute> Untold)
{
    public static PeerRoutes None(string peer) => new(peer, [], []);

    /// <summary>Adds the routes of the plan that the speaker does not speak of, each with the reason.</summary>
    public PeerRoutes WithRestOf(IEnumerable<Routes.PrefixRoute> plan, bool established)
    {
        var spokenOf = Told.Select(route => route.Prefix).Concat(Untold.Select(route => route.Prefix)).ToHashSet(StringComparer.Ordinal);
        var rest = plan
            .Where(route => !spokenOf.Contains(route.Prefix.ToString()))
            .Select(route => new UntoldRoute(route.Prefix.ToString(),
                route.Towards(SessionName.PeerOf(Peer)) is null ? "NotForPeer" : established ? "Pending" : "NoSession"));
        return this with { Untold = Untold.Concat(rest).ToEquatableList() };
    }
}
