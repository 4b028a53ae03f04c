namespace OrleansLb.Core.Configuration;

/// <summary>Which pools an advertisement means.</summary>
public static class PoolSelection
{
    /// <summary>By name, or by a selector of the pool's labels; with neither, every pool.</summary>
    public static bool Covers(EquatableList<PoolName> names, EquatableList<LabelSelector> selectors, AddressPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return names.Count + selectors.Count == 0 || names.Contains(pool.Name) || selectors.Any(selector => selector.Matches(pool.Labels));
    }

    public static bool Covers(this Layer2Advertisement advertisement, AddressPool pool)
    {
        ArgumentNullException.ThrowIfNull(advertisement);
        return Covers(advertisement.Pools, advertisement.PoolSelectors, pool);
    }
}
