using OrleansLb.Core;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Grains.Nodes;

/// <summary>Owns the view of all nodes that elections see; keyed by <see cref="ClusterKey"/>.</summary>
[Alias("orleanslb.INodeDirectoryGrain")]
public interface INodeDirectoryGrain : IGrainWithStringKey
{
    [Alias("Current")]
    Task<ClusterView> Current();

    /// <summary>The record was read whole: nodes that it lacks are gone from it.</summary>
    [Alias("FactsRead")]
    Task FactsRead(EquatableList<NodeFacts> nodes);

    [Alias("FactsChanged")]
    Task FactsChanged(NodeFacts node);

    [Alias("FactsGone")]
    Task FactsGone(NodeName node);

    /// <summary>What a node's grain knows of it now; returns the view with it.</summary>
    [Alias("Report")]
    Task<ClusterView> Report(NodeReport report);
}
