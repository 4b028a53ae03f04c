using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;

namespace OrleansLb.Client;

/// <summary>
/// Keeps addresses for Services that are to come; a cluster has one (<see cref="ClientGrains.Reservations"/>).
/// Reservations stand in the Kubernetes API, as AddressClaims.
/// </summary>
[Alias("orleanslb.IReservationGrain")]
public interface IReservationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reserves an address, or changes for how long it is reserved. Answers when that is written. Asked again, it gives
    /// the same answer if an address was named.
    /// </summary>
    [Alias("Reserve")]
    Task<ReservationOutcome> Reserve(ReservationRequest request);

    /// <summary>Ends a reservation; a Service that holds the address keeps it.</summary>
    [Alias("Cancel")]
    Task<ReservationOutcome> Cancel(Address address);
}
