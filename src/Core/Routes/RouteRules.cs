using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Routes;

/// <summary>One prefix that a service contributes to a node's routes under one advertisement.</summary>
public readonly record struct RouteContribution(Prefix Prefix, string Advertisement, int Weight);

/// <summary>Which routes a node announces for a service, and why not.</summary>
public static class RouteRules
{
    /// <summary>The contributions of a service on a node, in the order of advertisements and addresses.</summary>
    public static IEnumerable<RouteContribution> Contributions(RoutableService service, NodeView node, ClusterConfiguration configuration)
    {
        if (Hindrance(service, node) != Reason.None) yield break;
        var weight = LocalEndpoints(service, node.Name);
        foreach (var advertisement in configuration.BgpAdvertisements)
        {
            if (!advertisement.NodeSelectors.Admit(node.Facts?.Labels) || !advertisement.ServiceSelectors.Admit(service.Labels)) continue;
            foreach (var held in service.Addresses)
            {
                if (Advertises(advertisement, held.Pool, configuration)) yield return new(Covering(held.Address, advertisement), advertisement.Name, weight);
            }
        }
    }

    /// <summary>Why the node announces nothing for the service, whatever the advertisements say; None when nothing hinders.</summary>
    public static Reason Hindrance(RoutableService service, NodeView node)
    {
        if (node.Draining || node.Facts?.Draining == true) return Reason.NodeDraining;
        if (node.Facts?.Excluded == true) return Reason.NodeExcluded;
        if (node.Facts?.NetworkUnavailable == true) return Reason.NodeNetworkUnavailable;
        if (service.Endpoints.Count == 0 && service.EndpointsElsewhere == 0) return Reason.NoEndpoint;
        if (service.TrafficPolicy == TrafficPolicy.Local && LocalEndpoints(service, node.Name) == 0) return Reason.NoLocalEndpoint;
        return Reason.None;
    }

    /// <summary>Why the node has no route to the service although some advertisement may cover it; None when it has one.</summary>
    public static Reason WhyNot(RoutableService service, NodeView node, ClusterConfiguration configuration)
    {
        if (Hindrance(service, node) is not Reason.None and var hindrance) return hindrance;
        return Contributions(service, node, configuration).Any() ? Reason.None : Reason.NodeNotSelected;
    }

    /// <summary>The words for <see cref="WhyNot"/>.</summary>
    public static string Describe(Reason reason) => reason switch
    {
        Reason.NodeDraining => "the node is being left.",
        Reason.NodeExcluded => "the node bears the label node.kubernetes.io/exclude-from-external-load-balancers.",
        Reason.NodeNetworkUnavailable => "the node's condition NetworkUnavailable is True.",
        Reason.NoEndpoint => "no endpoint of the service can serve.",
        Reason.NoLocalEndpoint => "the node has no endpoint that can serve, and externalTrafficPolicy is Local.",
        Reason.NodeNotSelected => "no advertisement of the service selects the node.",
        _ => "",
    };

    /// <summary>True when the advertisement is for the pool: by its name, by its labels, or because it names none.</summary>
    public static bool Advertises(BgpAdvertisement advertisement, PoolName pool, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(advertisement);
        ArgumentNullException.ThrowIfNull(configuration);
        var known = configuration.Pools.FirstOrDefault(candidate => candidate.Name == pool);
        if (known is not null) return PoolSelection.Covers(advertisement.Pools, advertisement.PoolSelectors, known);
        // what is held of a pool that is configured no more
        return advertisement.Pools.Contains(pool) || advertisement.Pools.Count + advertisement.PoolSelectors.Count == 0;
    }

    private static Prefix Covering(Address address, BgpAdvertisement advertisement) =>
        new(address, address.Family == IpFamily.IPv4 ? advertisement.AggregationLength : advertisement.AggregationLengthV6);

    private static int LocalEndpoints(RoutableService service, NodeName node)
    {
        foreach (var endpoints in service.Endpoints)
        {
            if (endpoints.Node == node) return endpoints.Count;
        }
        return 0;
    }
}
