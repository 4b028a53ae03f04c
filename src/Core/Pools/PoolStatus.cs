using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>A pool's addresses of one family, counted.</summary>
/// <param name="Total">Addresses that may be given; saturates at 2^128-1.</param>
/// <param name="Held">Addresses of the pool that services hold, those outside of its present ranges included.</param>
/// <param name="Reserved">Addresses that are kept for somebody and held by nobody.</param>
/// <param name="Free">Addresses that could be given now.</param>
/// <param name="Quarantined">Addresses that a stranger was heard to use and no service holds.</param>
/// <param name="Outside">Held addresses that the pool's ranges have no longer.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.FamilyCount")]
public sealed record FamilyCount(
    [property: Id(0)] IpFamily Family,
    [property: Id(1)] UInt128 Total,
    [property: Id(2)] int Held,
    [property: Id(3)] int Reserved,
    [property: Id(4)] UInt128 Free,
    [property: Id(5)] int Quarantined = 0,
    [property: Id(6)] int Outside = 0);

/// <summary>A pool as it stands.</summary>
/// <param name="Configured">False: no configuration declares it any more, but services still hold addresses of it.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolStatus")]
public sealed record PoolStatus(
    [property: Id(0)] PoolName Pool,
    [property: Id(1)] bool Configured,
    [property: Id(2)] bool Disabled,
    [property: Id(3)] EquatableList<AddressRange> Ranges,
    [property: Id(4)] EquatableList<FamilyCount> Families);
