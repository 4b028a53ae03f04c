using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Asks that an address be kept for somebody.</summary>
/// <param name="Terms">For whom and how long: a Service by name, all of a namespace, or nobody; until a moment, or until it is cancelled. With an end, it is
/// spent when a Service takes the address.</param>
/// <param name="Address">Which one; null for the next that is free in <paramref name="Pool"/>.</param>
/// <param name="Pool">Needed where no address is named.</param>
/// <param name="Family">Of the next free one.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ReservationRequest")]
public sealed record ReservationRequest(
    [property: Id(0)] Reservation Terms,
    [property: Id(1)] Address? Address = null,
    [property: Id(2)] PoolName? Pool = null,
    [property: Id(3)] IpFamily Family = IpFamily.IPv4);
