using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Pools;

/// <summary>A host that is none of ours was heard to use an address of a pool.</summary>
/// <param name="Holder">Its hardware address, as heard on <paramref name="Interface"/> of <paramref name="Node"/>.</param>
/// <param name="InUse">True: we announce the address; false: it answered when we were about to use the address for the first time.</param>
/// <param name="Yielded">It was left to that host, as its advertisement says.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressConflict")]
public sealed record AddressConflict(
    [property: Id(0)] Address Address,
    [property: Id(1)] HardwareAddress Holder,
    [property: Id(2)] NodeName Node,
    [property: Id(3)] string Interface,
    [property: Id(4)] bool InUse,
    [property: Id(5)] bool Yielded = false);
