using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Forecasting;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Routes;

namespace OrleansLb.Grains.Forecasting;

/// <summary>
/// Who is to announce a service, by the running cluster's election. Interfaces cannot be known from outside: every node is
/// taken to have the right ones, and none to be loaded.
/// </summary>
internal sealed class AnnouncerForecast(ClusterSnapshot cluster)
{
    /// <summary>A link that is in every subnet; of two halves, as a prefix of no length would be no subnet.</summary>
    private static readonly NodeLinks Everywhere = new([
        new LinkState("any", 1, Usable: true, default, [Prefix.Parse("0.0.0.0/1"), Prefix.Parse("128.0.0.0/1"), Prefix.Parse("::/1"), Prefix.Parse("8000::/1")],
            []),
    ]);

    private readonly ClusterView _view =
        new(0, cluster.Nodes.Select(node => new NodeView(node.Name, node, Everywhere, Alive: true, Draining: false, default, 0)).OrderBy(node => node.Name)
            .ToEquatableList());
    private readonly Dictionary<ServiceName, NodeName> _announcers =
        cluster.Announcers.DistinctBy(known => known.Service).ToDictionary(known => known.Service, known => known.Node);

    /// <summary>Null where no node is known. Asked again under another configuration, the announcer that was foretold before goes on if it may.</summary>
    public AnnouncerOutlook? Of(Tenant tenant, ClusterConfiguration configuration)
    {
        if (_view.Nodes.Count == 0) return null;
        var (request, holdings) = (tenant.Request, tenant.Addresses.Holdings);
        if (holdings.Count == 0) return new(null, [], "it has no address.");
        var routes = Routes(tenant, configuration);
        var advertisements = Advertising.Of(request, holdings, configuration).Select(advertisement => advertisement with { Interfaces = [] }).ToEquatableList();
        if (advertisements.Count == 0 && routes.Count > 0) return new(null, routes, "it is announced by BGP.");
        NodeName? current = _announcers.TryGetValue(request.Service, out var known) ? known : null;
        var election = Elector.Elect(
            new(tenant.Now, advertisements, request.TrafficPolicy, request.Endpoints, request.EndpointsElsewhere, current, request.SharingKey), _view);
        if (election.Announcer is { } announcer) _announcers[request.Service] = announcer.Node;
        return new(election.Announcer?.Node, routes, election.Message);
    }

    private EquatableList<string> Routes(Tenant tenant, ClusterConfiguration configuration)
    {
        var request = tenant.Request;
        var addresses = tenant.Addresses.Holdings.Select(holding => new RoutableAddress(holding.Address, holding.Pool)).ToEquatableList();
        var service = new RoutableService(request.Service, addresses, request.Labels, request.TrafficPolicy, request.Endpoints, request.EndpointsElsewhere);
        var routes =
            from node in _view.Nodes
            from contribution in RouteRules.Contributions(service, node, configuration)
            let advertisement = configuration.BgpAdvertisements.First(known => known.Name == contribution.Advertisement)
            from peer in configuration.BgpPeers
            where (advertisement.Peers.Count == 0 || advertisement.Peers.Contains(peer.Name)) && peer.NodeSelectors.Admit(node.Facts?.Labels)
            select $"{contribution.Prefix} from node {node.Name} to peer {peer.Name}";
        return routes.Distinct().Order(StringComparer.Ordinal).ToEquatableList();
    }
}
