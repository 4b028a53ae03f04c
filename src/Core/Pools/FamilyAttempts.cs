using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>Turns an order of pools into attempts, as the service's family policy has it.</summary>
internal static class FamilyAttempts
{
    /// <summary>One pool with all families before two pools; where the policy only prefers both, then the primary family alone, then the other.</summary>
    public static EquatableList<PoolAttempt> From(ServiceRequest request, List<AddressPool> ranked) => From(request, ranked, []);

    /// <param name="left">Held addresses that no attempt is to be content with.</param>
    public static EquatableList<PoolAttempt> From(ServiceRequest request, List<AddressPool> ranked, EquatableList<Address> left) => left.Count == 0
        ? Fresh(request, ranked)
        : Fresh(request, ranked).Select(attempt => new PoolAttempt(attempt.Shares.Select(share => share with { Left = left }).ToEquatableList()))
            .ToEquatableList();

    private static EquatableList<PoolAttempt> Fresh(ServiceRequest request, List<AddressPool> ranked)
    {
        var attempts = new List<PoolAttempt>();
        if (request.FamilyPolicy == FamilyPolicy.SingleStack || request.Families.Count == 1)
        {
            return Alone(request.Families[0], ranked) is { } single ? [new([single])] : [];
        }
        if (Share(request.Families, ranked) is { } together) attempts.Add(new([together]));
        var apart = request.Families.Select(family => Alone(family, ranked)).ToList();
        if (apart.TrueForAll(share => share is not null)) attempts.Add(new(apart.ToEquatableList()!));
        if (request.FamilyPolicy == FamilyPolicy.PreferDualStack)
            attempts.AddRange(apart.Where(share => share is not null).Select(share => new PoolAttempt([share!])));
        return [.. attempts];
    }

    /// <summary>What is held stays where it is; families that are missing come from the same pool first, then from the others.</summary>
    public static IEnumerable<PoolAttempt> Keeping(ServiceRequest request, List<AddressPool> ranked, EquatableList<Holding> holdings)
    {
        var wanted = request.FamilyPolicy == FamilyPolicy.SingleStack ? request.Families.Take(1) : request.Families;
        var kept = wanted
            .Select(family => (Family: family, Pools: holdings.Where(holding => holding.Address.Family == family).Select(holding => holding.Pool).Take(1)))
            .ToList();
        if (kept.TrueForAll(share => !share.Pools.Any())) yield break;
        var homes = kept.SelectMany(share => share.Pools).Distinct().ToList();
        var all = kept.Select(share =>
            share.Pools.Any() ? new PoolShare([share.Family], share.Pools.ToEquatableList(), []) : Missing(share.Family, ranked, homes)).ToList();
        if (all.TrueForAll(share => share is not null)) yield return new(all.ToEquatableList()!);
        if (request.FamilyPolicy != FamilyPolicy.PreferDualStack) yield break;
        yield return new(kept.Where(share => share.Pools.Any()).Select(share => new PoolShare([share.Family], share.Pools.ToEquatableList(), []))
            .ToEquatableList());
    }

    private static PoolShare? Missing(IpFamily family, List<AddressPool> ranked, List<PoolName> homes) =>
        Alone(family, [.. ranked.OrderByDescending(pool => homes.Contains(pool.Name))]);

    private static PoolShare? Alone(IpFamily family, List<AddressPool> ranked) => Share([family], ranked);

    private static PoolShare? Share(EquatableList<IpFamily> families, List<AddressPool> ranked)
    {
        var pools = ranked.Where(pool => families.All(pool.Has)).Select(pool => pool.Name).ToEquatableList();
        return pools.Count == 0 ? null : new(families, pools, []);
    }
}
