using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>
/// The list of all services with their last summary; a cluster has one. It answers queries, tells the services that a change of configuration or
/// pools concerns to think again, and gives a grain that lost its memory what it knew.
/// </summary>
[Alias("orleanslb.IServiceIndexGrain")]
public interface IServiceIndexGrain : IGrainWithStringKey
{
    /// <summary>What a service says of itself now.</summary>
    [Alias("Report")]
    Task Report(ServiceSummary summary);

    /// <summary>There is no such service of ours any more; one of that name with another UID stays.</summary>
    [Alias("Remove")]
    Task Remove(ServiceName service, string uid);

    /// <summary>Every service that is ours, sorted by name.</summary>
    [Alias("Services")]
    Task<EquatableList<ServiceSummary>> Services();

    /// <summary>The service's last summary; null when it gave none.</summary>
    [Alias("Find")]
    Task<ServiceSummary?> Find(ServiceName service);

    /// <summary>What the services have assigned to the node.</summary>
    [Alias("AssignedTo")]
    Task<EquatableList<Assignment>> AssignedTo(NodeName node);

    /// <summary>The live configuration changed: every service thinks again. Answers before they have.</summary>
    [Alias("ConfigurationChanged")]
    Task ConfigurationChanged(long version);

    /// <summary>Addresses became free: services that wait for one try again. Answers before they have.</summary>
    /// <param name="refused">Services that the pool refused lately, whether or not they have reported that they wait.</param>
    [Alias("AddressesFreed")]
    Task AddressesFreed(PoolName pool, EquatableList<ServiceName> refused);
}
