using OrleansLb.Core.Announcements;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Nodes;

namespace OrleansLb.Silo.Status;

/// <summary>The BGP sessions of the cluster, as <c>/orleanslb/v1/status/bgp</c> shows them.</summary>
internal sealed record BgpView(IReadOnlyList<BgpNodeView> Nodes)
{
    /// <param name="nodes">The nodes asked for.</param>
    /// <param name="peer">Only this peer, or this neighbour of a range; null for all.</param>
    public static BgpView Of(IEnumerable<NodeBgpStatus> nodes, string? peer) => new([.. nodes.Select(node => BgpNodeView.Of(node, peer))]);
}

/// <summary>A node: its sessions, and the services that it has no route to, with the reason.</summary>
internal sealed record BgpNodeView(string Node, bool Alive, bool Draining, IReadOnlyList<SessionView> Sessions, IReadOnlyList<UnroutedView> Unrouted)
{
    public static BgpNodeView Of(NodeBgpStatus node, string? peer) => new(
        node.Node.Value,
        node.Alive,
        node.Draining,
        [.. node.Peers.Where(status => peer is null || status.Peer == peer || SessionName.PeerOf(status.Peer) == peer)
            .Select(status => SessionView.Of(node.Alive, status, node.Routes.FirstOrDefault(routes => routes.Peer == status.Peer)))],
        [.. node.Unrouted.Select(UnroutedView.Of)]);
}

/// <summary>A session with one peer. Times are seconds.</summary>
/// <param name="State">As RFC 4271 names it; Unknown while the node is not heard from.</param>
/// <param name="Message">What is wrong and what to do; null while all is well.</param>
internal sealed record SessionView(
    string Peer,
    string? Address,
    string State,
    DateTimeOffset Since,
    uint LocalAsn,
    uint? RemoteAsn,
    string? RemoteRouterId,
    double? HoldTime,
    double? KeepaliveTime,
    IReadOnlyList<string> Capabilities,
    int Flaps,
    string? Message,
    string? LastError,
    string? NotificationSent,
    string? NotificationReceived,
    string? UpdateFault,
    MessagesView Sent,
    MessagesView Received,
    long RoutesReceived,
    int RoutesAdvertised,
    IReadOnlyList<ToldView>? Advertised,
    IReadOnlyList<HeldBackView>? NotAdvertised)
{
    public static SessionView Of(bool alive, PeerStatus status, PeerRoutes? routes) => new(
        status.Peer,
        status.Address?.ToString(),
        alive ? status.State.ToString() : "Unknown",
        status.Since,
        status.LocalAsn,
        status.RemoteAsn,
        status.RemoteId?.ToString(),
        status.HoldTime?.TotalSeconds,
        status.KeepaliveTime?.TotalSeconds,
        [.. status.Capabilities],
        status.Flaps,
        !alive ? "the speaker of the node is not heard from; is the node up?" : status.State == PeerState.Established ? null : SessionNews.Trouble(status),
        status.LastError,
        status.NotificationSent,
        status.NotificationReceived,
        status.UpdateFault,
        MessagesView.Of(status.Sent),
        MessagesView.Of(status.Read),
        status.Received,
        status.Advertised,
        routes is null ? null : [.. routes.Told.Select(ToldView.Of)],
        routes is null ? null : [.. routes.Untold.Select(HeldBackView.Of)]);
}

/// <summary>Messages of one direction by type.</summary>
internal sealed record MessagesView(long Open, long Update, long Notification, long Keepalive, long RouteRefresh)
{
    public static MessagesView Of(MessageCounts counts) => new(counts.Open, counts.Update, counts.Notification, counts.Keepalive, counts.RouteRefresh);
}

/// <summary>A route that the peer has been told, with its attributes on the wire.</summary>
internal sealed record ToldView(string Prefix, string NextHop, string AsPath, uint? LocalPref, uint? Med, IReadOnlyList<string> Communities)
{
    public static ToldView Of(ToldRoute route) => new(route.Prefix, route.NextHop, route.AsPath, route.LocalPref, route.Med, [.. route.Communities]);
}

/// <summary>A route that the peer has not been told, and why.</summary>
internal sealed record HeldBackView(string Prefix, string Reason, string Message)
{
    public static HeldBackView Of(UntoldRoute route) => new(route.Prefix, route.Reason, HeldBackText.Of(route.Reason));
}

/// <summary>A service that a node has no route to, and why.</summary>
internal sealed record UnroutedView(string Service, string Reason, string Message)
{
    public static UnroutedView Of(UnroutedService service) => new(service.Service.ToString(), service.Reason.ToString(), RouteRules.Describe(service.Reason));
}
