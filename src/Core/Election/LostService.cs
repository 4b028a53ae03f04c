namespace OrleansLb.Core.Election;

/// <summary>A service that a node has announced and cannot announce any more.</summary>
/// <param name="Epoch">The highest of its assignments there; whoever takes over is assigned it under a higher one.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.LostService")]
public readonly record struct LostService([property: Id(0)] ServiceName Service, [property: Id(1)] long Epoch);
