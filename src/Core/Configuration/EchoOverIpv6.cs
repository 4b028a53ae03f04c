using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>
/// An IPv6 pool that is advertised to a peer whose BFD profile has the echo mode: routers have no echo for IPv6 (as MetalLB's have not). Of the pool, the
/// advertisement, the peer and the profile, none of which is wrong by itself, the one that comes last is refused.
/// </summary>
internal static class EchoOverIpv6
{
    public static IEnumerable<Problem> Faults(Declaration last, IEnumerable<Declaration> before)
    {
        if (last is not (AddressPool or BgpAdvertisement or BgpPeer or BfdProfile)) return [];
        var all = before.Append(last).ToList();
        var echoing = all.OfType<BfdProfile>().Where(profile => profile.EchoInterval is not null).ToLookup(profile => profile.Name, StringComparer.Ordinal);
        if (echoing.Count == 0) return [];
        return from peer in all.OfType<BgpPeer>()
               from profile in echoing[peer.BfdProfile ?? ""]
               from advertisement in all.OfType<BgpAdvertisement>()
               where advertisement.Peers.Count == 0 || advertisement.Peers.Contains(peer.Name)
               from pool in all.OfType<AddressPool>()
               where pool.Has(IpFamily.IPv6) && PoolSelection.Covers(advertisement.Pools, advertisement.PoolSelectors, pool)
               where ReferenceEquals(last, peer) || ReferenceEquals(last, profile) || ReferenceEquals(last, advertisement) || ReferenceEquals(last, pool)
               select Error(last, $"the IPv6 pool '{pool.Name}' is advertised by '{advertisement.Name}' to peer '{peer.Name}', whose BFD profile "
                   + $"'{profile.Name}' has the echo mode, which there is not for IPv6; turn echoMode off, or part them by pools and peers.");
    }

    private static Problem Error(Declaration declaration, string message) => new(declaration.Source, Field(declaration), Severity.Error, message);

    private static string Field(Declaration declaration) => declaration switch
    {
        { Source.Kind: "ConfigMap" } => "data.config",
        AddressPool pool => pool.Ranges.Count == 0 ? "" : pool.FieldOf(pool.Ranges.First(range => range.Family == IpFamily.IPv6)),
        BgpPeer => "spec.bfdProfile",
        BfdProfile => "spec.echoMode",
        _ => "spec.peers",
    };
}
