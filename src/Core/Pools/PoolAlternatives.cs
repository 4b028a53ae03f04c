using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>The pools that a decision did not come to, and why not: for the explanation of a service.</summary>
public static class PoolAlternatives
{
    /// <summary>Every configured pool that the service neither holds an address of nor was refused by, sorted by name.</summary>
    /// <param name="refused">What the decision itself has said of pools.</param>
    public static IEnumerable<Rejected> Of(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings,
        EquatableList<Rejected> refused)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Pools
            .Where(pool => !holdings.Any(holding => holding.Pool == pool.Name) && !refused.Any(known => known.What == $"pool {pool.Name}"))
            .OrderBy(pool => pool.Name)
            .Select(pool => Judge(request, holdings, pool));
    }

    private static Rejected Judge(ServiceRequest request, EquatableList<Holding> holdings, AddressPool pool)
    {
        var what = $"pool {pool.Name}";
        if (request.Addresses.Count > 0 && !request.Addresses.Any(pool.Contains))
        {
            return new(what, Reason.AddressNotInPool, $"the service asks for {string.Join(" and ", request.Addresses)}, which pool '{pool.Name}' does not "
                + $"have ({string.Join(", ", pool.Ranges)}).");
        }
        if (request.Pool is { } asked && asked != pool.Name) return new(what, Reason.NoPoolForService, $"the service asks for pool '{asked}' by name.");
        if (!request.Families.Any(pool.Has))
        {
            return new(what, Reason.FamilyNotInPool, $"pool '{pool.Name}' has no {string.Join(" or ", request.Families)} addresses.");
        }
        if (RequestedPool.Boundary(request, pool) is { } bound) return new(what, bound.Reason, bound.Message);
        return holdings.Count == 0
            ? new(what, Reason.PoolComesLater, "it was not asked: the request is refused before any other pool is.")
            : new(what, Reason.PoolComesLater, $"pool '{holdings[0].Pool}' comes before it for this service, and had an address.");
    }
}
