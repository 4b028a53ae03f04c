namespace OrleansLb.Core.Configuration;

/// <summary>Finds what peers and BGP advertisements say that does nothing, or contradicts others of them.</summary>
internal static class BgpWarnings
{
    public static IEnumerable<Problem> Of(IReadOnlyCollection<Declaration> declarations)
    {
        var pools = declarations.OfType<AddressPool>().ToList();
        var peers = declarations.OfType<BgpPeer>().ToList();
        var advertisements = declarations.OfType<BgpAdvertisement>().ToList();
        return advertisements.SelectMany(advertisement => MissingPeers(advertisement, peers)
                .Concat(PreferenceClashes.Possible(advertisement, advertisements.TakeWhile(other => other != advertisement), pools)))
            .Concat(peers.SelectMany(peer => Detection(peer).Concat(Twins(peer, peers))));
    }

    private static IEnumerable<Problem> MissingPeers(BgpAdvertisement advertisement, List<BgpPeer> peers) => advertisement.Peers
        .Where(name => !peers.Exists(peer => peer.Name == name))
        .Select(name => Warning(advertisement, "spec.peers",
            $"there is no peer '{name}'; nothing is announced to it until it is created.{Meant(name, peers.Select(peer => peer.Name))}"));

    private static IEnumerable<Problem> Detection(BgpPeer peer)
    {
        if (peer.BfdProfile is null) yield break;
        yield return Warning(peer, "spec.bfdProfile",
            "is not yet honoured: BFD is not spoken, and a peer that is gone is found by its hold time; set a short holdTime.");
    }

    /// <summary>Those that surely meet are refused.</summary>
    private static IEnumerable<Problem> Twins(BgpPeer peer, List<BgpPeer> peers) => peers
        .TakeWhile(other => other != peer)
        .Where(other => PeerClashes.MayClash(peer, other))
        .Select(other => Warning(peer, "spec.nodeSelectors", $"a node that peer '{other.Name}' selects too would have two sessions with one router, which "
            + "takes one; make the selectors exclude each other."));

    private static string Meant(string name, IEnumerable<string> known) => Similarity.Nearest(name, known) is { } near ? $" Did you mean '{near}'?" : "";

    private static Problem Warning(Declaration declaration, string field, string message) =>
        new(declaration.Source, declaration.Source.Kind == "ConfigMap" ? "data.config" : field, Severity.Warning, message);
}
