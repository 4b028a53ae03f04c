using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Sync;

/// <summary>
/// Reads the cluster's feed and tells each grain what concerns it; a cluster has one. It keeps the image of what the record says,
/// so that a grain whose activation was lost can ask for its part again.
/// </summary>
[Alias("orleanslb.IClusterSyncGrain")]
public interface IClusterSyncGrain : IGrainWithStringKey
{
    /// <summary>Begins to read the feed, unless it does already. A host calls it at start and from time to time after.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Whether the record is being read, and what it lacks.</summary>
    [Alias("Status")]
    Task<SyncStatus> Status();

    /// <summary>What the service asks for; null when there is none of that name. Waits until the services were read once.</summary>
    [Alias("FindService")]
    Task<ServiceRequest?> FindService(ServiceName service);

    /// <summary>The service's grain has not heard of it: it is told, unless that is under way. Answers before it is.</summary>
    [Alias("Tell")]
    Task Tell(ServiceName service);

    /// <summary>The names of the record's services that are ours; none while they have not been read.</summary>
    [Alias("ServiceNamesRead")]
    Task<EquatableList<ServiceName>> ServiceNamesRead();

    /// <summary>
    /// Those of them whose grains this one has told to serve. Others are told when it is their turn, which keeps them from taking what those before them show:
    /// nobody wakes them sooner.
    /// </summary>
    [Alias("ServiceNamesTold")]
    Task<EquatableList<ServiceName>> ServiceNamesTold();

    /// <summary>The claims by which the service holds addresses, by the record. Waits until claims were read once.</summary>
    [Alias("ClaimsOf")]
    Task<EquatableList<AddressClaim>> ClaimsOf(ServiceName service);

    /// <summary>The claim of an address, by the record; null when it has none. Waits until claims were read once.</summary>
    [Alias("ClaimAt")]
    Task<AddressClaim?> ClaimAt(Address address);

    /// <summary>The pools of which the record has claims, configured or not. Waits until claims were read once.</summary>
    [Alias("ClaimedPools")]
    Task<EquatableList<PoolName>> ClaimedPools();

    /// <summary>All nodes that the record knows. Waits until they were read once.</summary>
    [Alias("Nodes")]
    Task<EquatableList<NodeFacts>> Nodes();

    /// <summary>The configuration as last read. Waits until it was read once.</summary>
    [Alias("Declared")]
    Task<DeclaredConfiguration> Declared();
}
