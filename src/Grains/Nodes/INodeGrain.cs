using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;

namespace OrleansLb.Grains.Nodes;

/// <summary>Owns the plan of one node's speaker and knows whether the node lives; keyed by the node's name.</summary>
[Alias("orleanslb.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// A speaker begins a session and is told its whole plan; steps follow through the observer. Its first report must tell its links: until then
    /// the node is no candidate.
    /// </summary>
    /// <param name="session">Unique to this start of the speaker; a session that is not the latest is turned away.</param>
    /// <param name="announcing">What it announces already, when it lost its control plane and comes back; empty at its start.</param>
    [Alias("Connect")]
    Task<PlanChange> Connect(IPlanObserver speaker, string session, EquatableList<Assignment> announcing);

    /// <summary>
    /// The speaker lives and has this version of its plan. Answers the version that stands now: to a speaker that has it, this is the cluster's word that what
    /// it announces is its own. Null: the session is not known here, connect again.
    /// </summary>
    [Alias("Heartbeat")]
    Task<long?> Heartbeat(string session, long planVersion);

    /// <summary>Answers when it is its turn: the grain asks this of itself to learn how long its callers wait.</summary>
    [Alias("TakeTurn")]
    Task TakeTurn();

    /// <summary>Facts in the order in which they were seen.</summary>
    [Alias("Report")]
    Task Report(string session, EquatableList<SpeakerFact> facts);

    /// <summary>The speaker wants to stop: its addresses go to other nodes first. Done when its plan is empty or a bounded time has passed.</summary>
    [Alias("Leave")]
    Task Leave(string session);

    /// <summary>The host saw the speaker's process or connection end: the node is dead at once, with no waiting for heartbeats.</summary>
    [Alias("Lost")]
    Task Lost(string session);

    /// <summary>Done when the node has nothing to announce, or that time has passed; answers what it has still, sorted.</summary>
    [Alias("WhenEmpty")]
    Task<EquatableList<ServiceName>> WhenEmpty(TimeSpan patience);

    /// <summary>Adds an address to the plan, or raises its epoch. Answers when it was announced, if it has been already.</summary>
    [Alias("Assign"), ResponseTimeout(CallTimes.Quick)]
    Task<DateTimeOffset?> Assign(Assignment assignment, string? traceParent);

    /// <summary>Adds what another node cannot announce any more, all in one step of the plan. Done when the speaker has been told.</summary>
    [Alias("TakeOver"), ResponseTimeout(CallTimes.Quick)]
    Task TakeOver(EquatableList<Assignment> assignments, string? traceParent);

    /// <summary>What the node announces, or may announce without a probe: others can be told ahead to take it over.</summary>
    [Alias("Proven"), ResponseTimeout(CallTimes.Quick)]
    Task<EquatableList<LostService>> Proven();

    /// <summary>
    /// What the node is to take over from others should they be lost, in place of all that it was told before. Answers when it is known here.
    /// </summary>
    /// <param name="term">Rises with each activation of the directory: of two that speak, the later one is right.</param>
    [Alias("Bequeath"), ResponseTimeout(CallTimes.Quick)]
    Task Bequeath(long term, EquatableList<Inheritance> inheritances);

    /// <summary>
    /// That node is lost: what was bequeathed for the case is announced at once, and the directory told. Done when the speaker has been told.
    /// </summary>
    [Alias("Inherit"), ResponseTimeout(CallTimes.Quick)]
    Task Inherit(NodeName from);

    /// <summary>The service no longer needs this node to announce the address. An assignment with a higher epoch is left alone.</summary>
    [Alias("Withdraw"), ResponseTimeout(CallTimes.Quick)]
    Task Withdraw(ServiceName service, Address address, long epoch);

    /// <summary>Likewise for every address that the node has for the service, for a service that does not know which.</summary>
    [Alias("WithdrawAll"), ResponseTimeout(CallTimes.Quick)]
    Task WithdrawAll(ServiceName service, long epoch);

    /// <summary>Tells the directory how the node stands.</summary>
    [Alias("Refresh"), ResponseTimeout(CallTimes.Quick)]
    Task Refresh();

    /// <summary>Configuration, node or services changed: the BGP part of the plan is built from them as they are now.</summary>
    [Alias("Reroute")]
    Task Reroute();

    /// <summary>What operators ask of the node.</summary>
    [Alias("Status")]
    Task<NodeStatus> Status();

    /// <summary>The node's BGP sessions; with routes, what each peer has been told and what not and why, as its speaker says.</summary>
    [Alias("Bgp")]
    Task<NodeBgpStatus> Bgp(bool withRoutes);
}
