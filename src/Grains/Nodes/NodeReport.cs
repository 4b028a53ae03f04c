using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Grains.Nodes;

/// <summary>What a node's grain tells the directory: the part of a <see cref="NodeView"/> that comes from the speaker.</summary>
/// <param name="Orphans">
/// Services of the node's plan that others are to announce: all when it died or leaves, else those that have lost their interface.
/// </param>
/// <param name="Found">Services of its plan that the directory, or whoever assigned them, may know nothing of: its speaker
/// announced them first, or memories were lost.</param>
/// <param name="Forgot">The grain has lost its memory: what services have assigned to the node is to be assigned again.</param>
/// <param name="Inherited">What the node has taken over from lost ones, as it was told to ahead of the loss.</param>
/// <param name="Lost">Of the orphans those that had been announced; the first use of the others may need a probe.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeReport")]
public sealed record NodeReport(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] bool Alive,
    [property: Id(2)] bool Draining,
    [property: Id(3)] DateTimeOffset SteadySince,
    [property: Id(4)] NodeLinks Links,
    [property: Id(5)] EquatableList<ServiceName> Orphans,
    [property: Id(6)] EquatableList<ServiceName> Found,
    [property: Id(7)] bool Forgot,
    [property: Id(8)] EquatableList<LostService> Lost = default,
    [property: Id(9)] EquatableList<Inheritance> Inherited = default);
