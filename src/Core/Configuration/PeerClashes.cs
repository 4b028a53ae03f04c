namespace OrleansLb.Core.Configuration;

/// <summary>
/// Two peers that are one router: a node that has both would dial it twice, and the router would close one session for the other (RFC 4271 §6.8).
/// </summary>
internal static class PeerClashes
{
    /// <summary>Those that are certain: some node is selected by both.</summary>
    public static IEnumerable<Problem> Of(BgpPeer peer, IEnumerable<Declaration> others)
    {
        var clash = others.OfType<BgpPeer>().FirstOrDefault(other => IsSameRouter(peer, other) && peer.NodeSelectors.SurelyMeets(other.NodeSelectors));
        if (clash is null) yield break;
        yield return new(peer.Source, Field(peer), Severity.Error,
            $"peer '{clash.Name}' ({clash.Source}) is the same router for the same nodes; remove one, or give them nodeSelectors that exclude each other.");
    }

    /// <summary>A node with the right labels would be selected by both.</summary>
    public static bool MayClash(BgpPeer one, BgpPeer other) => IsSameRouter(one, other) && !one.NodeSelectors.ExcludesAll(other.NodeSelectors);

    private static bool IsSameRouter(BgpPeer one, BgpPeer other) =>
        one.Name != other.Name && one.Range?.Prefix == other.Range?.Prefix && (one.Address, one.Port, one.Vrf) == (other.Address, other.Port, other.Vrf)
            && (one.Address is { } address && !address.ToIPAddress().IsIPv6LinkLocal || one.Interface == other.Interface);

    private static string Field(BgpPeer peer) => peer.Source.Kind switch
    {
        "ConfigMap" => "data.config",
        "BgpPeer" => "spec.conf.neighborAddress",
        _ => peer.Range is not null ? "spec.listenRange" : peer.Address is null ? "spec.interface" : "spec.peerAddress",
    };
}
