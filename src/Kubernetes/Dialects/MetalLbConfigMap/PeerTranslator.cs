using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLbConfigMap;

/// <summary>Translates <c>peers</c>.</summary>
internal static class PeerTranslator
{
    private const int MultihopTtl = 255;

    public static List<BgpPeer> Read(ConfigurationObject source, FieldReader config)
    {
        var peers = new List<BgpPeer>();
        foreach (var item in config.Objects("peers"))
        {
            var peer = Peer(source, item, $"peer-{peers.Count + 1}");
            if (peer is not null && peers.Exists(other => other.Address == peer.Address && other.NodeSelectors == peer.NodeSelectors))
            {
                item.Error("peer-address", $"peer {peer.Address} already exists; declare it once.");
            }
            if (peer is not null) peers.Add(peer);
            item.End();
        }
        return peers;
    }

    private static BgpPeer? Peer(ConfigurationObject source, FieldReader item, string name)
    {
        var local = item.RequiredAsn("my-asn", "missing local ASN; give the number of your own autonomous system.");
        var remote = item.RequiredAsn("peer-asn", "missing peer ASN; give the number of the router's autonomous system.");
        var address = item.Address("peer-address");
        if (!item.Has("peer-address")) item.Error("peer-address", "is missing; give the router's address.");
        var multihop = item.Flag("ebgp-multihop");
        if (multihop && local == remote) item.Error("ebgp-multihop", "invalid ebgp-multihop parameter set for an ibgp peer; remove it.");
        var (hold, keepalive) = item.HoldAndKeepalive("hold-time", "keepalive-time");
        var peer = new BgpPeer(
            source.Reference, source.Created, name, local ?? 0, new RemoteAs.Number(remote ?? 0), address, null,
            item.Selectors("node-selectors", SelectorFields.Spelling.ConfigMap),
            Port: (int)(item.Number("peer-port", 0, ushort.MaxValue) is { } port and not 0 ? port : 179),
            SourceAddress: item.Address("source-address"),
            RouterId: item.RouterId("router-id"),
            HoldTime: hold,
            KeepaliveTime: keepalive,
            MultihopTtl: multihop ? MultihopTtl : null,
            Password: item.Text("password") is { Length: > 0 } password ? new SecretText(password) : null,
            BfdProfile: item.Text("bfd-profile") is { Length: > 0 } profile ? profile : null);
        return local is null || remote is null || address is null ? null : peer;
    }
}
