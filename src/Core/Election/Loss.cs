namespace OrleansLb.Core.Election;

/// <summary>What a node announced and cannot announce any more.</summary>
/// <param name="From">The node: what has gone to another meanwhile is not lost with it.</param>
public sealed record Loss(NodeName From, EquatableList<LostService> Services);
