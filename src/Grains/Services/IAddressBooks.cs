using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Services;

/// <summary>The pools as a service deals with them: grains in a running cluster, plain books where only a question is asked.</summary>
internal interface IAddressBooks
{
    /// <summary>The claims that name the service as a holder.</summary>
    Task<EquatableList<AddressClaim>> ClaimsOf(ServiceName service);

    /// <summary>Gives the service what it asks for, or keeps what it holds.</summary>
    /// <param name="quota">How many addresses its namespace may hold in all pools together; null for any number.</param>
    Task<AllocationOutcome> Allocate(PoolName pool, AllocationRequest request, AddressQuota? quota);

    /// <summary>
    /// Lets go of all that the service holds in the pool, except <paramref name="keep"/>. False: that could not be written, and is to be asked for again.
    /// </summary>
    /// <param name="gone">The service itself is gone, and may come again.</param>
    Task<bool> Release(PoolName pool, ServiceName service, string uid, EquatableList<Address> keep, bool gone);

    /// <summary>The share of the family's addresses that is claimed: 0 to 1.</summary>
    Task<double> Fill(PoolName pool, IpFamily family);
}
