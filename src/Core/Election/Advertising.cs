using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Which advertisements announce a service.</summary>
public static class Advertising
{
    /// <summary>
    /// Those that cover a pool of its addresses and mean the service. What is held of a pool that is configured no more goes on being announced.
    /// </summary>
    public static EquatableList<Layer2Advertisement> Of(ServiceRequest request, EquatableList<Holding> holdings, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        return holdings
            .Select(holding => holding.Pool)
            .Distinct()
            .SelectMany(pool => Covering(pool, configuration))
            .Distinct()
            .Where(advertisement => advertisement.ServiceSelectors.Admit(request.Labels))
            .ToEquatableList();
    }

    private static IEnumerable<Layer2Advertisement> Covering(PoolName name, ClusterConfiguration configuration)
    {
        if (configuration.Pools.FirstOrDefault(pool => pool.Name == name) is { } pool)
            return configuration.Layer2.Where(advertisement => advertisement.Covers(pool));
        var named = configuration.Layer2.Where(advertisement =>
            advertisement.Pools.Contains(name) || advertisement.Pools.Count + advertisement.PoolSelectors.Count == 0).ToList();
        return named.Count > 0 ? named : [Orphaned(name)];
    }

    private static Layer2Advertisement Orphaned(PoolName name) =>
        new(new("", "AddressPool", "", name.Value), default, name.Value, [name], [], [], [], [], []);
}
