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
    public static IClusterSyncGrain Sync(this IGrainFactory grains) => grains.GetGrain<IClusterSyncGrain>(ClusterKey.Value);

    public static IConfigurationGrain Configuration(this IGrainFactory grains) => grains.GetGrain<IConfigurationGrain>(ClusterKey.Value);

    public static INodeDirectoryGrain NodeDirectory(this IGrainFactory grains) => grains.GetGrain<INodeDirectoryGrain>(ClusterKey.Value);

    public static IServiceIndexGrain ServiceIndex(this IGrainFactory grains) => grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value);

    public static IStatusGrain Status(this IGrainFactory grains) => grains.GetGrain<IStatusGrain>(ClusterKey.Value);

    public static IRouteGrain Routes(this IGrainFactory grains) => grains.GetGrain<IRouteGrain>(ClusterKey.Value);

    public static INodeGrain Node(this IGrainFactory grains, NodeName node) => grains.GetGrain<INodeGrain>(node.Value);

    public static IAddressPoolGrain Pool(this IGrainFactory grains, PoolName pool) => grains.GetGrain<IAddressPoolGrain>(pool.Value);

    public static INamespaceGrain Namespace(this IGrainFactory grains, string name) => grains.GetGrain<INamespaceGrain>(name);

    public static IServiceGrain Service(this IGrainFactory grains, ServiceName service) => grains.GetGrain<IServiceGrain>(service.ToString());
}
