using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using static OrleansLb.Core.Pools.AllocationOutcome;

namespace OrleansLb.Core.Pools;

/// <summary>The choice for a service that asks for nothing in particular.</summary>
internal static class UnaskedPools
{
    public static PoolChoice Choose(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings,
        IReadOnlyDictionary<PoolName, double> fill)
    {
        var ranked = Ranked(request, configuration, fill, out var rejected);
        var left = PoolChoice.Leaving(configuration, holdings);
        var staying = holdings.Where(holding => !left.Contains(holding.Address)).ToEquatableList();
        var attempts = FamilyAttempts.Keeping(request, ranked, staying)
            .Concat(FamilyAttempts.From(request, ranked, left))
            .Concat(left.Count > 0 ? FamilyAttempts.Keeping(request, ranked, holdings) : [])
            .Distinct()
            .ToEquatableList();
        return new(attempts, [.. rejected], attempts.Count > 0 ? null : Nothing(request, configuration, ranked, rejected));
    }

    /// <summary>The pools that give to this service unasked, best first; never in an order that depends on how they were listed.</summary>
    public static List<AddressPool> Ranked(ServiceRequest request, ClusterConfiguration configuration, IReadOnlyDictionary<PoolName, double> fill,
        out List<Rejected> rejected)
    {
        rejected = [];
        var pools = new List<AddressPool>();
        foreach (var pool in configuration.Pools.OrderBy(pool => pool.Name))
        {
            if (Fault(request, pool) is { } fault) rejected.Add(new($"pool {pool.Name}", fault.Reason, fault.Message));
            else pools.Add(pool);
        }
        return [.. pools.OrderBy(pool => RankOf(request, pool)).ThenBy(pool => fill.GetValueOrDefault(pool.Name)).ThenBy(pool => pool.Name)];
    }

    /// <summary>Pools of one rank, where there are several.</summary>
    public static IEnumerable<PoolName> Ties(ServiceRequest request, ClusterConfiguration configuration) => configuration.Pools
        .Where(pool => Fault(request, pool) is null)
        .GroupBy(pool => RankOf(request, pool), pool => pool.Name)
        .Where(rank => rank.Skip(1).Any())
        .SelectMany(rank => rank);

    private static (bool IsForOthers, bool IsNotDefault, int Priority) RankOf(ServiceRequest request, AddressPool pool) =>
        (!(pool.Scope.IsPinned && ScopeRule.Admits(pool.Scope, request)), !pool.IsDefault, pool.Scope.Priority ?? int.MaxValue);

    /// <summary>The default pool gives to those outside of its scope too, unless that is a boundary.</summary>
    private static Refused? Fault(ServiceRequest request, AddressPool pool)
    {
        if (!pool.AutoAssign && !pool.IsDefault) return new(Reason.NoPoolForService, $"pool '{pool.Name}' gives only to services that ask for it by name.");
        if (!ScopeRule.Admits(pool.Scope, request) && (!pool.IsDefault || pool.Scope.Enforced))
            return new(Reason.PoolNotForService, $"pool '{pool.Name}' is for {ScopeRule.Describe(pool.Scope)}.");
        return pool.Disabled ? Refusals.Disabled(pool) : pool.Draining ? Refusals.Draining(pool) : null;
    }

    private static Refused Nothing(ServiceRequest request, ClusterConfiguration configuration, List<AddressPool> ranked, List<Rejected> rejected)
    {
        if (configuration.Pools.Count == 0) return new(Reason.NoPool, "there is no address pool; create one (AddressPool, IPAddressPool or Eip).");
        if (ranked.Count == 0)
            return new(Reason.NoPoolForService, $"no pool gives an address to this service unasked: {string.Join(' ', rejected.Select(pool => pool.Message))} "
                + "Name a pool in the service's annotation, or make one the default.");
        var families = string.Join(" and ", request.Families);
        return new(Reason.FamilyNotInPool, $"no pool for this service has {families} addresses (pools tried: "
            + $"{string.Join(", ", ranked.Select(pool => pool.Name))}); add a range, or change spec.ipFamilies.");
    }
}
