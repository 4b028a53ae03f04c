using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Which advertisements announce a service.</summary>
public static class Advertising
{
    /// <summary>Those that cover a pool of its addresses and mean the service. A pool that is configured no more is covered by those that name it or every pool.</summary>
    public static EquatableList<Layer2Advertisement> Of(ServiceRequest request, EquatableList<Holding> holdings, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Layer2
            .Where(advertisement => holdings.Any(holding => Covers(advertisement, holding.Pool, configuration)))
            .Where(advertisement => advertisement.ServiceSelectors.Count == 0 || advertisement.ServiceSelectors.Any(selector => selector.Matches(request.Labels)))
            .ToEquatableList();
    }

    private static bool Covers(Layer2Advertisement advertisement, PoolName name, ClusterConfiguration configuration) =>
        configuration.Pools.FirstOrDefault(pool => pool.Name == name) is { } pool
            ? advertisement.Covers(pool)
            : advertisement.Pools.Contains(name) || advertisement.Pools.Count + advertisement.PoolSelectors.Count == 0;
}
