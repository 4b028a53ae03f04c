using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Sync;

/// <summary>
/// Reads the cluster's feed and tells each grain what concerns it; keyed by <see cref="ClusterKey"/>. It keeps the image of what the record says,
/// so that a grain whose activation was lost can ask for its part again.
/// </summary>
[Alias("orleanslb.IClusterSyncGrain")]
public interface IClusterSyncGrain : IGrainWithStringKey
{
    /// <summary>Begins to read the feed, unless it does already. A host calls it at start and from time to time after.</summary>
    [Alias("Start")]
    Task Start();

    [Alias("Status")]
    Task<SyncStatus> Status();

    /// <summary>What the service asks for; null when there is none of that name. Waits until the services were read once.</summary>
    [Alias("FindService")]
    Task<ServiceRequest?> FindService(ServiceName service);

    /// <summary>All nodes that the record knows. Waits until they were read once.</summary>
    [Alias("Nodes")]
    Task<EquatableList<NodeFacts>> Nodes();

    /// <summary>The configuration as last read. Waits until it was read once.</summary>
    [Alias("Declared")]
    Task<DeclaredConfiguration> Declared();
}
