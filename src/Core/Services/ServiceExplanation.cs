namespace OrleansLb.Core.Services;

/// <summary>Something that was considered for a service and not taken: a pool, an address or a node.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Rejected")]
public sealed record Rejected([property: Id(0)] string What, [property: Id(1)] Reason Reason, [property: Id(2)] string Message);

/// <summary>A decision that was taken for a service.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Decision")]
public sealed record Decision([property: Id(0)] DateTimeOffset At, [property: Id(1)] Reason Reason, [property: Id(2)] string Message);

/// <summary>Why a service has the addresses and the announcer that it has, or why it has none.</summary>
/// <param name="RejectedPools">Pools and addresses that were considered and not taken.</param>
/// <param name="RejectedNodes">Nodes that may not announce, sorted by name.</param>
/// <param name="Candidates">Nodes that may announce, best first, the announcer among them.</param>
/// <param name="History">The last decisions, oldest first.</param>
/// <param name="OtherNodes">Candidates that do not announce, best first, and why not.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceExplanation")]
public sealed record ServiceExplanation(
    [property: Id(0)] ServiceSummary Summary,
    [property: Id(1)] EquatableList<Rejected> RejectedPools,
    [property: Id(2)] EquatableList<Rejected> RejectedNodes,
    [property: Id(3)] EquatableList<NodeName> Candidates,
    [property: Id(4)] EquatableList<Decision> History,
    [property: Id(5)] EquatableList<Rejected> OtherNodes = default);
