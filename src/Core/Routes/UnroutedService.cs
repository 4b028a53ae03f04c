namespace OrleansLb.Core.Routes;

/// <summary>A service that a node has no route to, and why.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.UnroutedService")]
public readonly record struct UnroutedService([property: Id(0)] ServiceName Service, [property: Id(1)] Reason Reason);
