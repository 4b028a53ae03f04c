using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Nodes;

/// <summary>Shows the sessions of a node with the routers that OpenELB's BgpPeers declare, where OpenELB shows them.</summary>
internal sealed class OpenElbStatus(NodeName node, StatusBoard board)
{
    /// <summary>The BgpPeer that declares the peer of a session.</summary>
    private readonly SortedDictionary<string, string> _objects = new(StringComparer.Ordinal);

    /// <summary>What is shown of a peer besides our own object.</summary>
    public static IEnumerable<StatusSubject> Subjects(NodeName node, BgpPeer peer) => IsOpenElb(peer)
        ? [new(StatusKind.OpenElbPeer, node, peer.Source.Name), new(StatusKind.OpenElbConf, node, StatusObject.OpenElbConf.TheOne)]
        : [];

    public void Learn(string session, BgpPeer peer)
    {
        if (IsOpenElb(peer)) _objects[session] = peer.Source.Name;
        else Forget(session);
    }

    public void Forget(string session)
    {
        if (!_objects.Remove(session, out var name)) return;
        board.Remove(new(StatusKind.OpenElbPeer, node, name));
        if (_objects.Count == 0) board.Remove(new(StatusKind.OpenElbConf, node, StatusObject.OpenElbConf.TheOne));
    }

    /// <summary>The numbers of the BgpConf are those of the first session: a peer may have another AS of its own.</summary>
    public void Show(PeerStatus status, SessionHealth health, DateTimeOffset since)
    {
        if (!_objects.TryGetValue(status.Peer, out var name)) return;
        board.Show(new StatusObject.OpenElbPeer(node, name, health, since, status));
        if (status.LocalId is { } id && _objects.Keys.First() == status.Peer) board.Show(new StatusObject.OpenElbConf(node, status.LocalAsn, id));
    }

    private static bool IsOpenElb(BgpPeer peer) => peer.Source.Kind == "BgpPeer";
}
