namespace OrleansLb.Core.Election;

/// <summary>A service that shows the addresses that it holds, and asks for nothing else: after a start it can be announced before its own grain is.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.StandingService")]
public readonly record struct StandingService([property: Id(0)] ServiceName Service, [property: Id(1)] Candidacy Candidacy);
