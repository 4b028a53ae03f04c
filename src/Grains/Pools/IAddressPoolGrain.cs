using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Pools;

/// <summary>Knows who holds which address of one pool, and gives addresses out; keyed by the pool's name. Its memory is a cache of the claims.</summary>
[Alias("orleanslb.IAddressPoolGrain")]
public interface IAddressPoolGrain : IGrainWithStringKey
{
    /// <summary>Gives the service what it asks for, or keeps what it holds; answers when the claims are written.</summary>
    [Alias("Allocate")]
    Task<AllocationOutcome> Allocate(AllocationRequest request);

    /// <summary>
    /// Lets go of all that the service holds here, except <paramref name="keep"/>; answers when that is written: true,
    /// or false while the record cannot be reached.
    /// </summary>
    /// <param name="gone">The service itself is gone: the pool may keep its addresses for it for a while, in case it comes again.</param>
    [Alias("Release")]
    Task<bool> Release(ServiceName service, string uid, EquatableList<Address> keep, bool gone);

    /// <summary>The share of the family's addresses that is claimed: 0 to 1, and 1 where there are none.</summary>
    [Alias("Fill")]
    Task<double> Fill(IpFamily family);

    /// <summary>What the service's namespace holds here.</summary>
    [Alias("UseBy")]
    Task<NamespaceUse> UseBy(ServiceName service);

    /// <summary>
    /// A stranger uses an address of this pool: it is given to nobody for a while, and whoever holds it is told to find another. Answers when that is
    /// written: true, or false while the record cannot be reached.
    /// </summary>
    [Alias("Quarantine")]
    Task<bool> Quarantine(AddressConflict conflict);

    /// <summary>Keeps an address, or the next that is free of the family, for somebody. Answers when that is written.</summary>
    [Alias("Reserve")]
    Task<ReservationOutcome> Reserve(Address? wanted, IpFamily family, Reservation terms);

    /// <summary>Keeps the address for nobody any more; who holds it goes on holding it.</summary>
    [Alias("CancelReservation")]
    Task<ReservationOutcome> CancelReservation(Address address);

    /// <summary>The record's claims of this pool were read whole: those that it lacks are gone.</summary>
    [Alias("ClaimsRead")]
    Task ClaimsRead(EquatableList<AddressClaim> claims);

    /// <summary>The record has this claim now.</summary>
    [Alias("ClaimChanged")]
    Task ClaimChanged(AddressClaim claim);

    /// <summary>The record has this claim no more, in whichever version.</summary>
    [Alias("ClaimGone")]
    Task ClaimGone(AddressClaim claim);

    /// <summary>The live configuration changed: the pool may have other ranges now, or none.</summary>
    [Alias("ConfigurationChanged")]
    Task ConfigurationChanged(long version);

    /// <summary>What operators ask of the pool: how many addresses are used, free, reserved and in quarantine.</summary>
    [Alias("Status")]
    Task<PoolStatus> Status();
}
