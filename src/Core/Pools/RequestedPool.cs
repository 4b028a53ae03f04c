using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using static OrleansLb.Core.Pools.AllocationOutcome;

namespace OrleansLb.Core.Pools;

/// <summary>The choice for a service that asks for a pool by name.</summary>
internal static class RequestedPool
{
    public static PoolChoice Choose(ServiceRequest request, ClusterConfiguration configuration, PoolName name, EquatableList<Holding> holdings)
    {
        if (configuration.Pools.FirstOrDefault(pool => pool.Name == name) is not { } pool) return PoolChoice.Refuse(NotFound(configuration, name));
        if (Boundary(request, pool) is { } refusal) return PoolChoice.Refuse(refusal);
        var left = PoolChoice.Leaving(configuration, holdings.Where(holding => holding.Pool == name && !pool.Contains(holding.Address)).ToEquatableList());
        var attempts = FamilyAttempts.From(request, [pool], left);
        if (attempts.Count == 0) return PoolChoice.Refuse(Refusals.FamilyNotInPool(pool, request.Families.First(family => !pool.Has(family))));
        return new(left.Count == 0 ? attempts : attempts.Concat(FamilyAttempts.From(request, [pool])).ToEquatableList(), [], null);
    }

    /// <summary>Null when the pool may serve the service at all.</summary>
    public static Refused? Boundary(ServiceRequest request, AddressPool pool) => pool.Scope.Enforced && !ScopeRule.Admits(pool.Scope, request)
        ? new(Reason.PoolNotForService, $"pool '{pool.Name}' is only for {ScopeRule.Describe(pool.Scope)}; ask for another pool.")
        : null;

    private static Refused NotFound(ClusterConfiguration configuration, PoolName name)
    {
        if (configuration.Pools.Count == 0) return new(Reason.PoolNotFound, $"there is no pool '{name}', and no other either; create it.");
        var names = configuration.Pools.Select(pool => pool.Name.Value).Order(StringComparer.Ordinal).ToList();
        var nearest = Similarity.Nearest(name.Value, names) is { } near ? $" Did you mean '{near}'?" : "";
        return new(Reason.PoolNotFound, $"there is no pool '{name}'.{nearest} Pools that exist: {string.Join(", ", names)}.");
    }
}
