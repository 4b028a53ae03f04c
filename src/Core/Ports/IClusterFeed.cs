using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Ports;

/// <summary>Something that changed in the record. A snapshot is complete: what it lacks is gone.</summary>
public abstract record ClusterChange
{
    private ClusterChange()
    {
    }

    /// <summary>All that the cluster's configuration objects declare now, in every dialect, with the problems of their translation.</summary>
    /// <param name="Unreadable">Objects that could not be translated: what they declared before stays live.</param>
    /// <param name="Accepted">What the objects declared when they were last accepted, by the record.</param>
    public sealed record ConfigurationRead(
        EquatableList<Declaration> Declarations,
        EquatableList<Problem> Problems,
        EquatableList<ObjectReference> Unreadable,
        EquatableList<Declaration> Accepted = default) : ClusterChange;

    public sealed record NodesRead(EquatableList<NodeFacts> Nodes) : ClusterChange;

    public sealed record NodeChanged(NodeFacts Node) : ClusterChange;

    public sealed record NodeGone(NodeName Node) : ClusterChange;

    public sealed record ClaimsRead(EquatableList<AddressClaim> Claims) : ClusterChange;

    public sealed record ClaimChanged(AddressClaim Claim) : ClusterChange;

    public sealed record ClaimGone(AddressClaim Claim) : ClusterChange;

    public sealed record ServicesRead(EquatableList<ServiceRequest> Services) : ClusterChange;

    public sealed record ServiceChanged(ServiceRequest Service) : ClusterChange;

    public sealed record ServiceGone(ServiceName Service, string Uid) : ClusterChange;
}

/// <summary>The watches on the record as one stream. Configuration, nodes and claims are read whole before the first services are told.</summary>
public interface IClusterFeed
{
    /// <summary>Yields until cancelled; survives disconnects and restarts of the API.</summary>
    IAsyncEnumerable<ClusterChange> Changes(CancellationToken cancellation);
}
