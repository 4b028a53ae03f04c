using System.Runtime.InteropServices;
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

/// <summary>The routes of a node's plan, and what each peer is to be told of them.</summary>
/// <param name="bandwidthPerEndpoint">Bytes a second.</param>
/// <param name="keepsRoutes">Whether a peer keeps our routes over a restart.</param>
internal sealed class SpeakerRoutes(float bandwidthPerEndpoint, Func<string, bool> keepsRoutes)
{
    /// <summary>Up to here single insertions into a peer's set are cheaper than building it anew.</summary>
    private const int FewChanges = 16;

    private readonly Dictionary<CorePrefix, PrefixRoute> _routes = [];
    private readonly Dictionary<string, RouteSet> _ofPeer = [];
    private readonly Dictionary<(RouteAttributes, uint, bool), PathAttributes> _attributes = [];
    private Departure _departure;

    private enum Departure
    {
        None,
        ForRestart,
        ForGood,
    }

    /// <summary>The plan holds every route that there is; until then peers hear no End-of-RIB.</summary>
    public bool Complete { get; private set; }

    /// <summary>The set for one peer as it is now.</summary>
    public RouteSet For(BgpPeer peer)
    {
        ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofPeer, peer.Name, out var known);
        return known ? set! : set = RouteSet.Of(AllTowards(peer));
    }

    /// <param name="whole">All routes of the step are all routes from now on.</param>
    public void Apply(BgpStep step, bool whole, IEnumerable<BgpPeer> peers)
    {
        var departure = !step.Leaving ? Departure.None : step.ForGood ? Departure.ForGood : Departure.ForRestart;
        var rebuild = whole || departure != _departure || step.Routes.Announce.Count + step.Routes.Withdraw.Count > FewChanges;
        _departure = departure;
        Complete = step.Complete;
        if (whole) _routes.Clear();
        if (rebuild) Forget();
        foreach (var route in step.Routes.Announce) _routes[route.Prefix] = route;
        foreach (var prefix in step.Routes.Withdraw) _routes.Remove(prefix);
        if (_routes.Count == 0) _routes.Clear(); // an emptied dictionary fills its gaps from behind, and what came in order would not go out in order
        if (!rebuild) foreach (var peer in peers) _ofPeer[peer.Name] = Patch(For(peer), step.Routes, peer);
    }

    /// <summary>The speaker stops, whatever its plan says: peers that do not keep our routes meanwhile are asked to avoid them.</summary>
    public void Leave()
    {
        if (_departure == Departure.None) _departure = Departure.ForRestart;
        Forget();
    }

    /// <summary>A peer that has changed or gone may be told other things next time.</summary>
    public void Forget(string peer) => _ofPeer.Remove(peer);

    private void Forget()
    {
        _ofPeer.Clear();
        _attributes.Clear();
    }

    private RouteSet Patch(RouteSet set, RouteChange change, BgpPeer peer)
    {
        foreach (var prefix in change.Withdraw) set = set.Without(ToNlri(prefix));
        foreach (var route in change.Announce) set = Towards(route, peer) is { } told ? set.With(told) : set.Without(ToNlri(route.Prefix));
        return set;
    }

    private IEnumerable<Route> AllTowards(BgpPeer peer)
    {
        foreach (var route in _routes.Values)
        {
            if (Towards(route, peer) is { } told) yield return told;
        }
    }

    private Route? Towards(PrefixRoute route, BgpPeer peer) =>
        route.Towards(peer.Name) is { } attributes ? new Route(ToNlri(route.Prefix), Shared(attributes, peer)) : null;

    // Routes that share attributes share the object, so that they are compared by reference.
    private PathAttributes Shared(RouteAttributes attributes, BgpPeer peer)
    {
        var avoided = _departure == Departure.ForGood || (_departure == Departure.ForRestart && !keepsRoutes(peer.Name));
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
            LargeCommunities = [.. attributes.Communities.OfType<Core.Configuration.Community.Large>().Select(each => new LargeCommunity(each.Global, each.Data1, each.Data2))],
            ExtendedCommunities = attributes.Weight is { } weight ? [ExtendedCommunity.LinkBandwidth(asn, weight * bandwidthPerEndpoint, transitive: true)] : default,
        };
    }

    private static Nlri ToNlri(CorePrefix prefix) => new(prefix.Network.Family == IpFamily.IPv4
        ? Prefix.FromBits(Afi.Ipv4, prefix.Network.Value << 96, prefix.Length)
        : Prefix.FromBits(Afi.Ipv6, prefix.Network.Value, prefix.Length));
}
