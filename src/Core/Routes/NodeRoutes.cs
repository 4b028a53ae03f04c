using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Routes;

/// <summary>What changes in a node's routes: prefixes to announce (anew, or with other attributes) and prefixes to withdraw.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteChange")]
public sealed record RouteChange([property: Id(0)] EquatableList<PrefixRoute> Announce, [property: Id(1)] EquatableList<Prefix> Withdraw)
{
    public static RouteChange Nothing { get; } = new([], []);

    public bool IsEmpty => Announce.Count == 0 && Withdraw.Count == 0;
}

/// <summary>
/// The routes that one node announces. Counts the members behind each prefix, so that an aggregate stays while one member lives, and so that the change of
/// one service costs what that service contributes, however many there are.
/// </summary>
public sealed class NodeRoutes(NodeView node, ClusterConfiguration configuration)
{
    private readonly Dictionary<ServiceName, RouteContribution[]> _byService = [];
    private readonly Dictionary<Prefix, SortedList<string, Dictionary<ServiceName, int>>> _members = []; // by advertisement, then service: its weight
    private readonly Dictionary<string, BgpAdvertisement> _advertisements = configuration.BgpAdvertisements.ToDictionary(advertisement => advertisement.Name);
    private readonly Dictionary<string, EquatableList<Community>> _communities = configuration.BgpAdvertisements.ToDictionary(
        advertisement => advertisement.Name, advertisement => CommunityNames.Resolve(advertisement.Communities, configuration.Communities));

    /// <summary>Every route, sorted by prefix.</summary>
    public IEnumerable<PrefixRoute> All => _members.Keys.OrderBy(prefix => prefix.Network).ThenBy(prefix => prefix.Length).Select(prefix => RouteOf(prefix)!);

    /// <summary>The services that have routes here.</summary>
    public IReadOnlyCollection<ServiceName> Services => _byService.Keys;

    /// <summary>Those of the peers that a service's routes are for, in the order given.</summary>
    public EquatableList<string> PeersOf(ServiceName service, EquatableList<string> peers)
    {
        if (!_byService.TryGetValue(service, out var contributions)) return [];
        var named = contributions.Select(contribution => _advertisements[contribution.Advertisement].Peers).Distinct().ToList();
        return named.Exists(names => names.Count == 0) ? peers : peers.Where(peer => named.Exists(names => names.Contains(peer))).ToEquatableList();
    }

    /// <summary>Takes a service as it is now in place of what was known of it.</summary>
    public RouteChange Put(RoutableService service) => Replace(service.Service, [.. RouteRules.Contributions(service, node, configuration).Distinct()]);

    public RouteChange Remove(ServiceName service) => Replace(service, []);

    /// <summary>The step from these routes to <paramref name="next"/>, when the node or the configuration has changed.</summary>
    public RouteChange To(NodeRoutes next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(
            next.All.Where(route => route != RouteOf(route.Prefix)).ToEquatableList(),
            All.Select(route => route.Prefix).Where(prefix => !next._members.ContainsKey(prefix)).ToEquatableList());
    }

    private RouteChange Replace(ServiceName service, RouteContribution[] contributions)
    {
        var before = _byService.GetValueOrDefault(service) ?? [];
        if (before.AsSpan().SequenceEqual(contributions)) return RouteChange.Nothing;
        var touched = before.Concat(contributions).Select(contribution => contribution.Prefix).Distinct().ToArray();
        var old = Array.ConvertAll(touched, RouteOf);
        foreach (var contribution in before) Leave(service, contribution);
        foreach (var contribution in contributions) Join(service, contribution);
        if (contributions.Length == 0) _byService.Remove(service);
        else _byService[service] = contributions;
        return Difference(touched, old);
    }

    private RouteChange Difference(Prefix[] touched, PrefixRoute?[] old)
    {
        List<PrefixRoute> announce = [];
        List<Prefix> withdraw = [];
        for (var i = 0; i < touched.Length; i++)
        {
            var now = RouteOf(touched[i]);
            if (now is null) withdraw.Add(touched[i]);
            else if (now != old[i]) announce.Add(now);
        }
        return new(announce.ToEquatableList(), withdraw.ToEquatableList());
    }

    private void Join(ServiceName service, RouteContribution contribution)
    {
        if (!_members.TryGetValue(contribution.Prefix, out var terms)) _members[contribution.Prefix] = terms = new(StringComparer.Ordinal);
        if (!terms.TryGetValue(contribution.Advertisement, out var services)) terms[contribution.Advertisement] = services = [];
        services[service] = contribution.Weight;
    }

    private void Leave(ServiceName service, RouteContribution contribution)
    {
        var terms = _members[contribution.Prefix];
        var services = terms[contribution.Advertisement];
        services.Remove(service);
        if (services.Count == 0) terms.Remove(contribution.Advertisement);
        if (terms.Count == 0) _members.Remove(contribution.Prefix);
    }

    private PrefixRoute? RouteOf(Prefix prefix) =>
        _members.TryGetValue(prefix, out var terms) ? new(prefix, terms.Select(term => Term(term.Key, term.Value)).ToEquatableList()) : null;

    private RouteTerm Term(string name, Dictionary<ServiceName, int> services)
    {
        var advertisement = _advertisements[name];
        int? weight = advertisement.WeightByEndpoints ? services.Values.Max() : null;
        return new(name, advertisement.Peers, new(advertisement.LocalPref, advertisement.Med, _communities[name], weight));
    }
}
