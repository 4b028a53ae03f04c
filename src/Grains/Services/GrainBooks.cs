using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Services;

/// <summary>The pools of the running cluster.</summary>
internal sealed class GrainBooks(IGrainFactory grains) : IAddressBooks
{
    public Task<EquatableList<AddressClaim>> ClaimsOf(ServiceName service) => grains.Sync().ClaimsOf(service);

    public Task<AllocationOutcome> Allocate(PoolName pool, AllocationRequest request, AddressQuota? quota) =>
        quota is null ? grains.Pool(pool).Allocate(request) : grains.Namespace(request.Service.Namespace).Allocate(pool, request, quota);

    public Task<bool> Release(PoolName pool, ServiceName service, string uid, EquatableList<Address> keep, bool gone) => grains.Pool(pool).Release(service, uid, keep, gone);

    public Task<double> Fill(PoolName pool, IpFamily family) => grains.Pool(pool).Fill(family);
}
