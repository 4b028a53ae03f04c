using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Client;

/// <summary>Does what operators ask for by hand; a cluster has one. It owns nothing.</summary>
[Alias("orleanslb.IOperatorGrain")]
public interface IOperatorGrain : IGrainWithStringKey
{
    /// <summary>
    /// The node takes over the service, with all that share an address with it; the new one announces before the old one withdraws. Done when it has
    /// announced, or a bounded time has passed. It stays there until that node may not announce it any more, or another move.
    /// </summary>
    [Alias("Move")]
    Task<MoveOutcome> Move(ServiceName service, NodeName to);

    /// <summary>
    /// The node is left by all that others may announce, and given nothing else, until it is used again; that stands in the record. Done when it
    /// announces nothing, or a bounded time has passed.
    /// </summary>
    [Alias("Drain")]
    Task<DrainOutcome> Drain(NodeName node);

    /// <summary>The node may be used again. It is given what evens out the load, little by little.</summary>
    [Alias("Undrain")]
    Task<DrainOutcome> Undrain(NodeName node);
}
