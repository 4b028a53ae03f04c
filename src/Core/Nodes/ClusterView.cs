namespace OrleansLb.Core.Nodes;

/// <summary>A node as the election sees it: what the Kubernetes API says, what its speaker sees, and whether it lives.</summary>
/// <param name="Facts">Null while the API knows no such node: it may then announce on the word of its own speaker.</param>
/// <param name="Alive">Its speaker is connected and heard from.</param>
/// <param name="Draining">It asked to leave, or was asked to.</param>
/// <param name="SteadySince">Since when its speaker has been heard without a break.</param>
/// <param name="Load">How many addresses are assigned to it.</param>
/// <param name="HeldUntil">It has come back and is given nothing that another announces before that; null: it may be.</param>
/// <param name="Returns">How often it came back of late.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeView")]
public sealed record NodeView(
    [property: Id(0)] NodeName Name,
    [property: Id(1)] NodeFacts? Facts,
    [property: Id(2)] NodeLinks Links,
    [property: Id(3)] bool Alive,
    [property: Id(4)] bool Draining,
    [property: Id(5)] DateTimeOffset SteadySince,
    [property: Id(6)] int Load,
    [property: Id(7)] DateTimeOffset? HeldUntil = null,
    [property: Id(8)] int Returns = 0);

/// <summary>All nodes at one moment, sorted by name.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ClusterView")]
public sealed record ClusterView([property: Id(0)] long Version, [property: Id(1)] EquatableList<NodeView> Nodes)
{
    public static ClusterView Empty { get; } = new(0, []);
}
