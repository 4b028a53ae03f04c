using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansLb.Grains.Configuration;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Pools;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Sync;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Which silo keeps which grain: a node's grain is kept by that node's silo; grains that a cluster has one of, and that talk to each other, are together on
/// the silo that has run longest, where they move least. Services are spread as Orleans likes.
/// </summary>
internal sealed class GrainPlacement(GrainTypeResolver types) : IPlacementStrategyResolver
{
    private static readonly Type[] Central =
    [
        typeof(ClusterSyncGrain), typeof(ConfigurationGrain), typeof(NodeDirectoryGrain), typeof(ServiceIndexGrain), typeof(StatusGrain), typeof(RouteGrain),
        typeof(AddressPoolGrain),
    ];

    private readonly GrainType _node = types.GetGrainType(typeof(NodeGrain));
    private readonly HashSet<GrainType> _central = [.. Central.Select(types.GetGrainType)];

    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out PlacementStrategy? result)
    {
        result = grainType == _node ? NodeSiloPlacement.Instance : _central.Contains(grainType) ? OldestSiloPlacement.Instance : null;
        return result is not null;
    }
}
