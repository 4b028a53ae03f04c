using System.Globalization;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>
/// A BGP advertisement announces prefixes of which each range of its pools has a whole one: a wider prefix attracts traffic for addresses that are somebody
/// else's. Of a pool and an advertisement that do not fit, the one that comes later is refused.
/// </summary>
internal static class AggregateFit
{
    public static IEnumerable<Problem> Faults(BgpAdvertisement advertisement, IEnumerable<Declaration> before) =>
        from pool in before.OfType<AddressPool>()
        from range in TooNarrow(pool, advertisement)
        let length = advertisement.LengthFor(range.Family)
        select Error(advertisement, range.Family == IpFamily.IPv4 ? "spec.aggregationLength" : "spec.aggregationLengthV6",
            string.Create(CultureInfo.InvariantCulture,
            $"invalid aggregation length {length}: {range} of pool '{pool.Name}' has no whole /{length}, so that addresses of others would be announced with "
                + $"it; make it at least {range.WidestPrefix()}, or leave the pool out."));

    public static IEnumerable<Problem> Faults(AddressPool pool, IEnumerable<Declaration> before) =>
        from advertisement in before.OfType<BgpAdvertisement>()
        from range in TooNarrow(pool, advertisement)
        let length = advertisement.LengthFor(range.Family)
        select Error(pool, pool.FieldOf(range), string.Create(CultureInfo.InvariantCulture,
            $"{range} has no whole /{length}, the invalid aggregation length that {advertisement.Source} announces this pool with; give the range a whole "
                + $"/{length}, or have the advertisement name its pools and leave this one out."));

    private static IEnumerable<AddressRange> TooNarrow(AddressPool pool, BgpAdvertisement advertisement) =>
        (advertisement.AggregationLength < 32 || advertisement.AggregationLengthV6 < 128)
            && PoolSelection.Covers(advertisement.Pools, advertisement.PoolSelectors, pool)
            ? pool.Ranges.Where(range => advertisement.LengthFor(range.Family) < range.WidestPrefix())
            : [];

    private static Problem Error(Declaration declaration, string field, string message) =>
        new(declaration.Source, declaration.Source.Kind == "ConfigMap" ? "data.config" : field, Severity.Error, message);
}
