namespace OrleansLb.Core.Election;

/// <summary>Where a service was announced when it was forgotten.</summary>
/// <param name="Epoch">The epoch under which that node was assigned its addresses on the service's behalf; 0: the service itself has done so.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.LastPlace")]
public sealed record LastPlace([property: Id(0)] NodeName Node, [property: Id(1)] long Epoch);
