using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;

namespace OrleansLb.Grains.Pools;

/// <summary>
/// Lets the services of one namespace have addresses one after the other, so that they stay within a quota over all pools; keyed by the namespace's name.
/// </summary>
/// <remarks>It remembers nothing: the pools know who holds what.</remarks>
[Alias("orleanslb.INamespaceGrain")]
public interface INamespaceGrain : IGrainWithStringKey
{
    /// <summary>Asks the pool, and tells it what the namespace may have; otherwise as <see cref="IAddressPoolGrain.Allocate"/>.</summary>
    [Alias("Allocate")]
    Task<AllocationOutcome> Allocate(PoolName pool, AllocationRequest request, AddressQuota quota);
}
