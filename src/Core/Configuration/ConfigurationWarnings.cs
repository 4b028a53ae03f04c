using OrleansLb.Core.Pools;

namespace OrleansLb.Core.Configuration;

/// <summary>Finds what is used as it stands, but cannot mean what its author wanted.</summary>
internal static class ConfigurationWarnings
{
    public static IEnumerable<Problem> Of(IReadOnlyCollection<Declaration> declarations)
    {
        var pools = declarations.OfType<AddressPool>().ToList();
        return MissingPools(declarations, pools).Concat(BgpWarnings.Of(declarations)).Concat(SecondDefaults(pools)).Concat(Unannounced(declarations, pools))
            .Concat(NoHosts(pools));
    }

    private static IEnumerable<Problem> MissingPools(IReadOnlyCollection<Declaration> declarations, List<AddressPool> pools) =>
        declarations.OfType<Layer2Advertisement>().SelectMany(advertisement => MissingPools(advertisement, advertisement.Pools, pools))
            .Concat(declarations.OfType<BgpAdvertisement>().SelectMany(advertisement => MissingPools(advertisement, advertisement.Pools, pools)));

    private static IEnumerable<Problem> MissingPools(Declaration advertisement, EquatableList<PoolName> named, List<AddressPool> pools)
    {
        foreach (var name in named.Where(name => !pools.Exists(pool => pool.Name == name)))
        {
            var nearest = Similarity.Nearest(name.Value, pools.Select(pool => pool.Name.Value)) is { } near ? $" Did you mean '{near}'?" : "";
            yield return Warning(advertisement, PoolsField(advertisement), $"there is no pool '{name}'; it is announced once it is created.{nearest}");
        }
    }

    private static string PoolsField(Declaration advertisement) =>
        advertisement.Source.ApiVersion.StartsWith("orleanslb.io/", StringComparison.Ordinal) ? "spec.addressPools" : "spec.ipAddressPools";

    private static IEnumerable<Problem> SecondDefaults(List<AddressPool> pools)
    {
        var defaults =
            pools.Where(pool => pool.IsDefault && !pool.Disabled).OrderBy(pool => pool.Scope.Priority ?? int.MaxValue).ThenBy(pool => pool.Name).ToList();
        return defaults.Skip(1).Select(pool =>
            Warning(pool, "metadata", $"pool '{pool.Name}' is a default pool, and so is '{defaults[0].Name}', which is tried first; keep one of them."));
    }

    private static IEnumerable<Problem> NoHosts(List<AddressPool> pools) =>
        from pool in pools
        let none = pool.Ranges.SelectMany(HostAddresses.NotIn).Distinct().ToList()
        where none.Count > 0
        select Warning(pool, "", $"pool '{pool.Name}' has addresses that no host can have, of {string.Join(", ", none)}: none of them is given unasked.");

    private static IEnumerable<Problem> Unannounced(IReadOnlyCollection<Declaration> declarations, List<AddressPool> pools) =>
        pools
            .Where(pool => !declarations.OfType<Layer2Advertisement>().Any(advertisement => advertisement.Covers(pool))
                && !declarations.OfType<BgpAdvertisement>().Any(advertisement => PoolSelection.Covers(advertisement.Pools, advertisement.PoolSelectors, pool)))
            .Select(pool =>
                Warning(pool, "", $"no advertisement announces pool '{pool.Name}': its addresses are given out, but nobody answers for them. Create an "
                    + "L2Advertisement or a BGPAdvertisement."));

    private static Problem Warning(Declaration declaration, string field, string message) => new(declaration.Source, field, Severity.Warning, message);
}
