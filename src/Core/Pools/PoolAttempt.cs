using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>Part of an attempt: addresses of these families, all from the first of these pools that grants them.</summary>
/// <param name="Wanted">Addresses asked for, at most one of a family.</param>
/// <param name="Left">Held addresses that are to be left for others.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolShare")]
public sealed record PoolShare(
    [property: Id(0)] EquatableList<IpFamily> Families,
    [property: Id(1)] EquatableList<PoolName> Pools,
    [property: Id(2)] EquatableList<Address> Wanted,
    [property: Id(3)] EquatableList<Address> Left = default);

/// <summary>One way to serve a service: every share must be granted, or the next attempt is made.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolAttempt")]
public sealed record PoolAttempt([property: Id(0)] EquatableList<PoolShare> Shares);
