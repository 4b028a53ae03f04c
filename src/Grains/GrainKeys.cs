using OrleansLb.Core;
using OrleansLb.Grains.Configuration;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Pools;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Sync;

namespace OrleansLb.Grains;

/// <summary>Finds each grain by what it is for, so that nobody spells a key.</summary>
public static class GrainKeys
{
    /// <summary>Reads the record and tells the others.</summary>
    public static IClusterSyncGrain Sync(this IGrainFactory grains) => grains.GetGrain<IClusterSyncGrain>(ClusterKey.Value);

    /// <summary>Owns the configuration that is live.</summary>
    public static IConfigurationGrain Configuration(this IGrainFactory grains) => grains.GetGrain<IConfigurationGrain>(ClusterKey.Value);

    /// <summary>Owns the view of all nodes, and holds elections.</summary>
    public static INodeDirectoryGrain NodeDirectory(this IGrainFactory grains) => grains.GetGrain<INodeDirectoryGrain>(ClusterKey.Value);

    /// <summary>Lists all services.</summary>
    public static IServiceIndexGrain ServiceIndex(this IGrainFactory grains) => grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value);

    /// <summary>Answers what operators ask.</summary>
    public static IStatusGrain Status(this IGrainFactory grains) => grains.GetGrain<IStatusGrain>(ClusterKey.Value);

    /// <summary>Owns the routes that services ask for.</summary>
    public static IRouteGrain Routes(this IGrainFactory grains) => grains.GetGrain<IRouteGrain>(ClusterKey.Value);

    /// <summary>Owns the plan of one node.</summary>
    public static INodeGrain Node(this IGrainFactory grains, NodeName node) => grains.GetGrain<INodeGrain>(node.Value);

    /// <summary>Gives out the addresses of one pool.</summary>
    public static IAddressPoolGrain Pool(this IGrainFactory grains, PoolName pool) => grains.GetGrain<IAddressPoolGrain>(pool.Value);

    /// <summary>Counts what one namespace holds.</summary>
    public static INamespaceGrain Namespace(this IGrainFactory grains, string name) => grains.GetGrain<INamespaceGrain>(name);

    /// <summary>Serves one Service.</summary>
    public static IServiceGrain Service(this IGrainFactory grains, ServiceName service) => grains.GetGrain<IServiceGrain>(service.ToString());
}
