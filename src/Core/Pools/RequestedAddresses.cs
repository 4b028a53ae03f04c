using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using static OrleansLb.Core.Pools.AllocationOutcome;

namespace OrleansLb.Core.Pools;

/// <summary>The choice for a service that asks for addresses.</summary>
internal static class RequestedAddresses
{
    public static PoolChoice Choose(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings)
    {
        var shares = new List<PoolShare>();
        foreach (var address in request.Addresses)
        {
            if (FamilyFault(request, address) is { } fault) return PoolChoice.Refuse(fault);
            if (Home(request, configuration, holdings, address, out var refusal) is not { } home) return PoolChoice.Refuse(refusal!);
            shares.Add(new([address.Family], [home], [address]));
        }
        return new(WithTheRest(request, configuration, holdings, shares), [], null);
    }

    private static Refused? FamilyFault(ServiceRequest request, Address address)
    {
        if (!request.Families.Contains(address.Family))
        {
            return new(Reason.FamilyNotWanted,
                $"{address} is asked for, but the service is of {string.Join(" and ", request.Families)} only (spec.ipFamilies).");
        }
        return request.Addresses.Count(other => other.Family == address.Family) > 1
            ? new(Reason.InvalidRequest, $"more than one {address.Family} address is asked for; a service bears one of each family.")
            : null;
    }

    private static PoolName? Home(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings, Address address,
        out Refused? refusal)
    {
        refusal = null;
        foreach (var holding in holdings)
        {
            if (holding.Address == address && (request.Pool ?? holding.Pool) == holding.Pool) return holding.Pool;
        }
        var pool = configuration.Pools.FirstOrDefault(pool => pool.Contains(address));
        if (pool is null) refusal = Outside(configuration, address);
        else if (request.Pool is { } asked && asked != pool.Name)
            refusal = new(Reason.AddressNotInPool, $"{address} is asked for from pool '{asked}', but it belongs to pool '{pool.Name}'.");
        else refusal = RequestedPool.Boundary(request, pool);
        return refusal is null ? pool!.Name : null;
    }

    private static Refused Outside(ClusterConfiguration configuration, Address address)
    {
        var pools = configuration.Pools
            .Where(pool => pool.Has(address.Family))
            .OrderBy(pool => pool.Name)
            .Select(pool => $"{pool.Name} ({string.Join(", ", pool.Ranges.Where(range => range.Family == address.Family))})")
            .ToList();
        var known = pools.Count == 0 ? $"No pool has {address.Family} addresses." : $"Pools that exist: {string.Join("; ", pools)}.";
        return new(Reason.AddressOutsidePools, $"{address} is in no pool; ask for an address of a pool, or add it to one. {known}");
    }

    /// <summary>
    /// Families for which no address was asked come from where they would without the request; the pools of the addresses asked for go first.
    /// </summary>
    private static EquatableList<PoolAttempt> WithTheRest(
        ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings, List<PoolShare> shares)
    {
        var rest = request.Families.Where(family => !shares.Exists(share => share.Families[0] == family)).ToEquatableList();
        PoolAttempt alone = new([.. shares]);
        if (rest.Count == 0 || request.FamilyPolicy == FamilyPolicy.SingleStack) return [alone];
        var homes = shares.Select(share => share.Pools[0]);
        var others = UnaskedPools.Ranked(request, configuration, ImmutableDictionary<PoolName, double>.Empty, out _).Select(pool => pool.Name);
        var pools = request.Pool is { } asked
            ? [asked]
            : holdings.Where(holding => rest.Contains(holding.Address.Family)).Select(holding => holding.Pool).Concat(homes).Concat(others).Distinct();
        PoolAttempt both = new([.. shares, new(rest, pools.ToEquatableList(), [])]);
        return request.FamilyPolicy == FamilyPolicy.PreferDualStack ? [both, alone] : [both];
    }
}
