using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;
using OrleansLb.Core;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Sync;

namespace OrleansLb.Grains.Status;

/// <summary>Gathers what operators ask for; a cluster has one. It owns nothing.</summary>
[Alias("orleanslb.IStatusGrain")]
public interface IStatusGrain : IGrainWithStringKey
{
    /// <summary>The whole cluster as it stands.</summary>
    [Alias("Read")]
    Task<ClusterStatus> Read();

    /// <summary>The BGP sessions of every node, or of one, sorted by node.</summary>
    [Alias("Bgp")]
    Task<EquatableList<NodeBgpStatus>> Bgp(NodeName? node, bool withRoutes);

    /// <summary>Every address of every service: who holds it, since when and why, and what has come of it.</summary>
    [Alias("Addresses")]
    Task<EquatableList<AddressStatus>> Addresses();

    /// <summary>Why a service is as it is; null when there is no such service of ours.</summary>
    [Alias("Explain")]
    Task<ServiceExplanation?> Explain(ServiceName service);

    /// <summary>A service of ours whose name is nearest to one that there is not; null when none is near.</summary>
    [Alias("NearestTo")]
    Task<ServiceName?> NearestTo(ServiceName service);
}

/// <summary>The whole cluster at one moment.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ClusterStatus")]
public sealed record ClusterStatus(
    [property: Id(0)] SyncStatus Sync,
    [property: Id(1)] EquatableList<ServiceSummary> Services,
    [property: Id(2)] EquatableList<PoolStatus> Pools,
    [property: Id(3)] EquatableList<NodeView> Nodes,
    [property: Id(4)] EquatableList<Problem> Problems,
    [property: Id(5)] EquatableList<NodeBgpStatus> Bgp = default);
