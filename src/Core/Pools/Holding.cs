using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>An address that a service holds, and the pool whose books have it.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Holding")]
public readonly record struct Holding([property: Id(0)] Address Address, [property: Id(1)] PoolName Pool);
