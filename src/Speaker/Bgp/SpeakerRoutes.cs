using System.Runtime.InteropServices;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;
using Community = OrleansLb.Protocols.Bgp.Community;
using Prefix = OrleansLb.Protocols.Bgp.Prefix;
using RouteSet = OrleansLb.Protocols.Bgp.RouteSet;
using CorePrefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The routes of a node's plan, and what each peer is to be told of them. Sessions with one peer share what they are told.</summary>
/// <param name="bandwidthPerEndpoint">Bytes a second.</param>
internal sealed class SpeakerRoutes(float bandwidthPerEndpoint)
{
    /// <summary>Up to here, and up to one in so many routes, single changes of a peer's set are cheaper than building it anew.</summary>
    private const int FewChanges = 16, OneIn = 64;

    private const int MostAttributes = 4096;

    private readonly FollowedRoutes _routes = new();
    private readonly Dictionary<(string Peer, bool Avoided), Told> _told = [];
    private readonly Dictionary<(RouteAttributes, uint, bool), PathAttributes> _attributes = [];
    private Departure _departure;

    private sealed record Told(BgpPeer Peer, RouteSet Routes);

    private enum Departure
    {
        None,
        ForRestart,
        ForGood,
    }

    /// <summary>The plan holds every route that there is; until then peers hear no End-of-RIB.</summary>
    public bool Complete => _routes.Complete;

    /// <summary>The set for one peer as it is now.</summary>
    /// <param name="keepsRoutes">The session is with a router that keeps our routes over a restart.</param>
    public RouteSet For(BgpPeer peer, bool keepsRoutes)
    {
        var avoided = _departure == Departure.ForGood || (_departure == Departure.ForRestart && !keepsRoutes);
        ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(_told, (peer.Name, avoided), out var known);
        return (known ? told! : told = new(peer, RouteSet.Of(AllTowards(peer, avoided)))).Routes;
    }

    /// <inheritdoc cref="FollowedRoutes.Begin"/>
    public void Begin() => _routes.Begin();

    public void Apply(BgpStep step)
    {
        var departure = !step.Leaving ? Departure.None : step.ForGood ? Departure.ForGood : Departure.ForRestart;
        var change = _routes.Take(step);
        var rebuild = departure != _departure || change.Announce.Count + change.Withdraw.Count > Math.Max(FewChanges, _routes.Count / OneIn);
        _departure = departure;
        if (rebuild) _told.Clear();
        if (_attributes.Count > MostAttributes) _attributes.Clear();
        if (!rebuild) foreach (var (key, told) in _told.ToArray()) _told[key] = told with { Routes = Patch(told.Routes, change, told.Peer, key.Avoided) };
    }

    /// <summary>The speaker stops, whatever its plan says: peers that do not keep our routes meanwhile are asked to avoid them.</summary>
    public void Leave()
    {
        if (_departure == Departure.None) _departure = Departure.ForRestart;
        _told.Clear();
    }

    /// <summary>These are the peers from now on: one that has changed or gone may be told other things next time.</summary>
    public void Follow(EquatableList<BgpPeer> peers)
    {
        foreach (var key in _told.Where(told => !peers.Contains(told.Value.Peer)).Select(told => told.Key).ToArray()) _told.Remove(key);
    }

    private RouteSet Patch(RouteSet set, RouteChange change, BgpPeer peer, bool avoided)
    {
        foreach (var prefix in change.Withdraw) set = set.Without(ToNlri(prefix));
        foreach (var route in change.Announce) set = Towards(route, peer, avoided) is { } told ? set.With(told) : set.Without(ToNlri(route.Prefix));
        return set;
    }

    private IEnumerable<Route> AllTowards(BgpPeer peer, bool avoided)
    {
        foreach (var route in _routes.All)
        {
            if (Towards(route, peer, avoided) is { } told) yield return told;
        }
    }

    private Route? Towards(PrefixRoute route, BgpPeer peer, bool avoided) =>
        route.Towards(peer.Name) is { } attributes ? new Route(ToNlri(route.Prefix), Shared(attributes, peer, avoided)) : null;

    // Routes that share attributes share the object, so that they are compared by reference.
    private PathAttributes Shared(RouteAttributes attributes, BgpPeer peer, bool avoided)
    {
        ref var shared = ref CollectionsMarshal.GetValueRefOrAddDefault(_attributes, (attributes, peer.LocalAs ?? peer.LocalAsn, avoided), out var known);
        return known ? shared! : shared = Translate(attributes, new Asn(peer.LocalAs ?? peer.LocalAsn), avoided);
    }

    // Internal peers go by LOCAL_PREF, which is to be the lowest (RFC 8326 §4.1); external ones see the community alone.
    private PathAttributes Translate(RouteAttributes attributes, Asn asn, bool avoided)
    {
        var plain = attributes.Communities.OfType<Core.Configuration.Community.Standard>().Select(each => new Community(each.Value));
        return new()
        {
            LocalPref = avoided ? 0 : attributes.LocalPref,
            MultiExitDisc = attributes.Med,
            Communities = [.. avoided ? plain.Append(Community.GracefulShutdown) : plain],
            LargeCommunities = [.. attributes.Communities.OfType<Core.Configuration.Community.Large>()
                .Select(each => new LargeCommunity(each.Global, each.Data1, each.Data2))],
            ExtendedCommunities =
                attributes.Weight is { } weight ? [ExtendedCommunity.LinkBandwidth(asn, weight * bandwidthPerEndpoint, transitive: true)] : default,
        };
    }

    private static Nlri ToNlri(CorePrefix prefix) => new(prefix.Network.Family == IpFamily.IPv4
        ? Prefix.FromBits(Afi.Ipv4, prefix.Network.Value << 96, prefix.Length)
        : Prefix.FromBits(Afi.Ipv6, prefix.Network.Value, prefix.Length));
}
