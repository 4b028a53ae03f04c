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
        quota is null ? grains.Pool(pool).Allocate(request) : AllocateWithin(quota, pool, request);

    /// <summary>Who keeps what it has need not wait for the others of its namespace: after a restart that is everybody.</summary>
    private async Task<AllocationOutcome> AllocateWithin(AddressQuota quota, PoolName pool, AllocationRequest request)
    {
        if (request.Held.Count > 0)
        {
            var kept = await grains.Pool(pool).Allocate(request with { Allowance = NamespaceAllowance.Nothing });
            if (kept is not AllocationOutcome.Refused { Reason: Reason.QuotaExceeded }) return kept;
        }
        return await grains.Namespace(request.Service.Namespace).Allocate(pool, request, quota);
    }

    public Task<bool> Release(PoolName pool, ServiceName service, string uid, EquatableList<Address> keep, bool gone) =>
        grains.Pool(pool).Release(service, uid, keep, gone);

    public Task<double> Fill(PoolName pool, IpFamily family) => grains.Pool(pool).Fill(family);
}
