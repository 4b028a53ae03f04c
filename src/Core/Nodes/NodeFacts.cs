using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Nodes;

/// <summary>A node as the Kubernetes API tells it.</summary>
/// <param name="Ready">Condition <c>Ready</c> is not False or Unknown.</param>
/// <param name="NetworkUnavailable">Condition <c>NetworkUnavailable</c> is True.</param>
/// <param name="Excluded">Label <c>node.kubernetes.io/exclude-from-external-load-balancers</c> is there and not "false".</param>
/// <param name="Draining">The node is to be left: deletion is under way, or our drain was asked for.</param>
/// <param name="Addresses">Its InternalIP addresses.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeFacts")]
public sealed record NodeFacts(
    [property: Id(0)] NodeName Name,
    [property: Id(1)] Labels Labels,
    [property: Id(2)] bool Ready,
    [property: Id(3)] bool NetworkUnavailable,
    [property: Id(4)] bool Excluded,
    [property: Id(5)] bool Draining,
    [property: Id(6)] EquatableList<Address> Addresses);
