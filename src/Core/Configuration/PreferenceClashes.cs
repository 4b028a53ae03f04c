using System.Globalization;

namespace OrleansLb.Core.Configuration;

/// <summary>Two advertisements that give one prefix different local preferences towards one peer (RFC 4271 §5.1.5).</summary>
internal static class PreferenceClashes
{
    /// <summary>Those that are certain: some node has both, for some service.</summary>
    public static IEnumerable<Problem> Of(BgpAdvertisement advertisement, IEnumerable<Declaration> others, IReadOnlyCollection<AddressPool> pools)
    {
        var clash = others.OfType<BgpAdvertisement>().FirstOrDefault(other => advertisement.LocalPref is not null && other.LocalPref is not null
            && Clash(advertisement, other, pools)
            && advertisement.NodeSelectors.SurelyMeets(other.NodeSelectors)
            && advertisement.ServiceSelectors.SurelyMeets(other.ServiceSelectors));
        if (clash is null) yield break;
        yield return Found(advertisement, Severity.Error, $"{Text(clash)} was already set by {clash.Source} for the same prefixes, peers and nodes; give both "
            + "the same, or part them by peers, nodeSelectors or aggregationLength.");
    }

    /// <summary>With the right labels a node or a service would be meant by both. One that sets none has the router's own default.</summary>
    public static IEnumerable<Problem> Possible(BgpAdvertisement advertisement, IEnumerable<BgpAdvertisement> others, IReadOnlyCollection<AddressPool> pools) =>
        others
            .Where(other => Clash(advertisement, other, pools)
                && !advertisement.NodeSelectors.ExcludesAll(other.NodeSelectors)
                && !advertisement.ServiceSelectors.ExcludesAll(other.ServiceSelectors))
            .Select(other =>
                Found(advertisement, Severity.Warning, $"{Text(other)} was already set by '{other.Name}' for the same prefixes and peers; from nodes "
                + "and for services that both select the higher one is sent."));

    private static bool Clash(BgpAdvertisement one, BgpAdvertisement other, IReadOnlyCollection<AddressPool> pools) =>
        one.LocalPref != other.LocalPref
        && (one.Peers.Count == 0 || other.Peers.Count == 0 || one.Peers.Any(other.Peers.Contains))
        && pools.Any(pool =>
            Covers(one, pool) && Covers(other, pool) && pool.Ranges.Any(range => one.LengthFor(range.Family) == other.LengthFor(range.Family)));

    private static bool Covers(BgpAdvertisement advertisement, AddressPool pool) =>
        PoolSelection.Covers(advertisement.Pools, advertisement.PoolSelectors, pool);

    private static Problem Found(BgpAdvertisement advertisement, Severity severity, string rest) =>
        new(advertisement.Source, advertisement.Source.Kind == "ConfigMap" ? "data.config" : "spec.localPref", severity,
            $"invalid local preference {Text(advertisement)}: {rest}");

    private static string Text(BgpAdvertisement advertisement) => advertisement.LocalPref?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
