using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Nodes;

/// <summary>What became of an operator's wish that a node be left, or used again.</summary>
/// <param name="Left">Services that the node still announces, because no other may or their hand-over takes long; sorted.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.DrainOutcome")]
public sealed record DrainOutcome([property: Id(0)] NodeMark Mark, [property: Id(1)] EquatableList<ServiceName> Left);
