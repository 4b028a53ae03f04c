using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Grains.Nodes;

/// <summary>
/// Owns the view of all nodes and the book of who announces what; a cluster has one. Elections are held here, in one turn each, so that each sees
/// the load that those before it caused and services that share an address stay together.
/// </summary>
[Alias("orleanslb.INodeDirectoryGrain")]
public interface INodeDirectoryGrain : IGrainWithStringKey
{
    /// <summary>All nodes as they stand.</summary>
    [Alias("Current"), ResponseTimeout(CallTimes.Quick)]
    Task<ClusterView> Current();

    /// <summary>One node; null when neither the record nor a speaker has told of it.</summary>
    [Alias("Find"), ResponseTimeout(CallTimes.Quick)]
    Task<NodeView?> Find(NodeName node);

    /// <summary>The node whose interface has the hardware address; null when that is a stranger's.</summary>
    [Alias("OwnerOf"), ResponseTimeout(CallTimes.Quick)]
    Task<NodeName?> OwnerOf(HardwareAddress mac);

    /// <summary>The record was read whole: nodes that it lacks are gone from it.</summary>
    [Alias("FactsRead")]
    Task FactsRead(EquatableList<NodeFacts> nodes);

    /// <summary>The record says this of a node now.</summary>
    [Alias("FactsChanged")]
    Task FactsChanged(NodeFacts node);

    /// <summary>The record has the node no more.</summary>
    [Alias("FactsGone")]
    Task FactsGone(NodeName node);

    /// <summary>What a node's grain knows of it now. Services that this concerns are told to elect again; answers before they have.</summary>
    [Alias("Report"), ResponseTimeout(CallTimes.Quick)]
    Task Report(NodeReport report);

    /// <summary>Finds the service's announcer and takes note of it.</summary>
    [Alias("Elect"), ResponseTimeout(CallTimes.Quick)]
    Task<ElectionResult> Elect(ServiceName service, Candidacy candidacy);

    /// <summary>
    /// Everything has just started: places services that stand, and has their nodes announce them, before they elect themselves. Done when the nodes have been
    /// told, or a bounded time has passed.
    /// </summary>
    [Alias("Resume"), ResponseTimeout(CallTimes.Quick)]
    Task Resume(EquatableList<StandingService> services);

    /// <summary>Finds a better announcer for a service that has a living one; null when it had better stay.</summary>
    [Alias("Improve"), ResponseTimeout(CallTimes.Quick)]
    Task<ElectionResult?> Improve(ServiceName service, Candidacy candidacy);

    /// <summary>
    /// Places the service, and those that share an address with it, on the node that an operator chose. No announcer in
    /// the answer: it may not be, for that reason.
    /// </summary>
    [Alias("Move")]
    Task<ElectionResult> Move(ServiceName service, Candidacy candidacy, NodeName to);

    /// <summary>The service needs no announcer any more. Answers which node it had; null when it had none.</summary>
    [Alias("Forget"), ResponseTimeout(CallTimes.Quick)]
    Task<LastPlace?> Forget(ServiceName service);
}
