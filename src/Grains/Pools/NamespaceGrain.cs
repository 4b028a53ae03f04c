using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Pools;

/// <inheritdoc cref="INamespaceGrain"/>
[Reentrant]
public sealed class NamespaceGrain : Grain, INamespaceGrain
{
    /// <summary>Between the count and what is given nothing else may be given.</summary>
    private readonly Sequence _turns = new();

    public Task<AllocationOutcome> Allocate(PoolName pool, AllocationRequest request, AddressQuota quota) => _turns.Run(async () =>
    {
        var elsewhere = await Task.WhenAll((await Others(pool)).Select(other => GrainFactory.Pool(other).UseBy(request.Service)));
        return await GrainFactory.Pool(pool).Allocate(request with { Allowance = NamespaceUse.Sum(elsewhere).Under(quota) });
    });

    /// <summary>Pools that are configured no more hold addresses too.</summary>
    private async Task<IEnumerable<PoolName>> Others(PoolName pool)
    {
        var configured = (await GrainFactory.Configuration().Current()).Pools.Select(known => known.Name);
        return configured.Concat(await GrainFactory.Sync().ClaimedPools()).Distinct().Where(other => other != pool);
    }
}
