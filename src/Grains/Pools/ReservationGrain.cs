using Orleans.Concurrency;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;

namespace OrleansLb.Grains.Pools;

/// <inheritdoc cref="IReservationGrain"/>
[Reentrant]
public sealed class ReservationGrain : Grain, IReservationGrain
{
    public async Task<ReservationOutcome> Reserve(ReservationRequest request)
    {
        var pools = (await GrainFactory.Configuration().Current()).Pools;
        if (request is { Address: null, Pool: null })
            return ReservationOutcome.Refuse(null, Reason.InvalidRequest, "the request names neither an address nor a pool.");
        if (PoolOf(pools, request) is not { } pool) return NoPool(request);
        return await GrainFactory.Pool(pool.Name).Reserve(request.Address, request.Family, request.Terms);
    }

    public async Task<ReservationOutcome> Cancel(Address address)
    {
        var claim = await GrainFactory.Sync().ClaimAt(address);
        var pools = (await GrainFactory.Configuration().Current()).Pools;
        // A reservation that somebody made by hand names no pool, and one of a pool that is gone must end too.
        var pool = pools.FirstOrDefault(each => each.Contains(address))?.Name ?? claim?.Pool;
        return pool is { } known
            ? await GrainFactory.Pool(known).CancelReservation(address)
            : ReservationOutcome.Refuse(address, Reason.AddressOutsidePools, $"{address} is in no pool.");
    }

    private static AddressPool? PoolOf(EquatableList<AddressPool> pools, ReservationRequest request) =>
        pools.FirstOrDefault(pool => request.Pool is { } named ? pool.Name == named : pool.Contains(request.Address!.Value));

    private static ReservationOutcome NoPool(ReservationRequest request) => request.Pool is { } named
        ? ReservationOutcome.Refuse(request.Address, Reason.PoolNotFound, $"there is no pool '{named}'.")
        : ReservationOutcome.Refuse(request.Address, Reason.AddressOutsidePools, $"{request.Address} is in no pool.");
}
