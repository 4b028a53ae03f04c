using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>Owns one service's addresses and who announces them; keyed by namespace/name.</summary>
[Alias("orleanslb.IServiceGrain")]
public interface IServiceGrain : IGrainWithStringKey
{
    /// <summary>
    /// What the service asks for now. True when it is decided and assigned, and written, or to be so with its announcement; false
    /// when it is put off, and is to be asked for again.
    /// </summary>
    [Alias("Observe")]
    Task<bool> Observe(ServiceRequest request);

    /// <summary>The same, for a service that may not have been served before, with what is known of its past.</summary>
    [Alias("Restore")]
    Task<bool> Restore(ServiceRequest request, ServiceTraces traces);

    /// <summary>
    /// The service of that uid is deleted. True when its addresses are released; false when that could not be done, and is to be asked for again.
    /// </summary>
    [Alias("Gone")]
    Task<bool> Gone(string uid);

    /// <summary>Nodes changed: the election is held again, at once. Done when the winner has its assignment.</summary>
    [Alias("NodesChanged")]
    Task NodesChanged();

    /// <summary>Configuration or pools changed: everything is decided again. Answers before it is.</summary>
    [Alias("Reconsider")]
    Task Reconsider();

    /// <summary>Loads are uneven: moves to a better node if there is one; true when it does.</summary>
    [Alias("Rebalance")]
    Task<bool> Rebalance();

    /// <summary>An operator wants the node to announce the service. Done when it has announced, or a bounded time has passed.</summary>
    [Alias("Move")]
    Task<MoveOutcome> Move(NodeName to);

    /// <summary>The first announcement of the address has left from the node.</summary>
    [Alias("Announced")]
    Task Announced(NodeName node, Address address, long epoch, DateTimeOffset at);

    /// <summary>
    /// A host that may be a stranger uses an address of the service. Done when that is dealt with, or put off because the record cannot be reached.
    /// </summary>
    [Alias("Conflicted")]
    Task Conflicted(AddressConflict conflict);

    /// <summary>
    /// The node had no interface for the address for a while and has one again. If it is still to announce it, it is assigned it
    /// anew with a higher epoch; answers before that.
    /// </summary>
    [Alias("Interrupted")]
    Task Interrupted(NodeName node, Address address, long epoch);

    /// <summary>
    /// The node announces the address already, on the word of its speaker: after a loss of memory that is how the announcer is known. False: it is to stop.
    /// </summary>
    [Alias("Announces")]
    Task<bool> Announces(NodeName node, Assignment assignment);

    /// <summary>
    /// The shared set of routes has lost its memory: it is told again what is to be announced for the service, before this ends. A service that knows nothing
    /// of itself says nothing.
    /// </summary>
    [Alias("Reroute")]
    Task Reroute();

    /// <summary>Null when there is no such service of ours.</summary>
    [Alias("Explain")]
    Task<ServiceExplanation?> Explain();

    /// <summary>What this grain has in its memory; null when that is nothing.</summary>
    [Alias("Status")]
    Task<ServiceSummary?> Status();
}
