using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Routes;

namespace OrleansLb.Grains.Nodes;

/// <summary>
/// The BGP sessions of a node: remembers how they stand, shows them in objects, and tells what is news on the peer, the node and the services.
/// </summary>
internal sealed class PeerWatch(NodeName node, NodeRouting routing, StatusBoard board, IEventRecorder events, StatusOptions options, TimeProvider time,
    Action<TimeSpan, Func<Task>> after)
{
    private readonly SortedDictionary<string, PeerStatus> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SessionHealth Health, DateTimeOffset Since)> _health = [];
    private readonly HashSet<string> _lost = [];

    /// <summary>Peers whose loss services were told of.</summary>
    private readonly HashSet<string> _mourned = [];

    private readonly OpenElbStatus _openElb = new(node, board);

    /// <summary>Neighbours that an earlier speaker told of and the present one has not yet.</summary>
    private readonly HashSet<string> _unheard = [];

    /// <summary>The sessions as last told.</summary>
    public EquatableList<PeerStatus> Peers => _peers.Values.ToEquatableList();

    /// <summary>The sessions of these peers of the plan: one with each router, and those that the neighbours of a range have begun.</summary>
    public IEnumerable<string> SessionsOf(EquatableList<BgpPeer> plan) => plan
        .Where(peer => peer.Range is null)
        .Select(peer => peer.Name)
        .Concat(_peers.Keys.Where(session => SessionName.IsNeighbour(session) && plan.Any(peer => peer.Name == SessionName.PeerOf(session))));

    /// <summary>A speaker begins, and tells soon which sessions it has: neighbours that it does not speak of are gone.</summary>
    public void Begin()
    {
        _unheard.UnionWith(_peers.Keys.Where(SessionName.IsNeighbour));
        if (_unheard.Count > 0) after(options.EventDelay, ForgetUnheard);
    }

    /// <param name="peer">What the configuration says of it; null when it is of the plan no more.</param>
    public void Take(PeerStatus status, BgpPeer? peer)
    {
        var news = SessionNews.Between(_peers.GetValueOrDefault(status.Peer), status, time.GetUtcNow(), options.EventDelay);
        _peers[status.Peer] = status;
        _unheard.Remove(status.Peer);
        if (peer is null) return;
        _openElb.Learn(status.Peer, peer);
        Show(status, status.State == PeerState.Established ? SessionHealth.Established : SessionHealth.Down, status.Since);
        if (news is not null) Tell(news, status, peer);
    }

    public void Gone(string peer)
    {
        _peers.Remove(peer);
        _health.Remove(peer);
        _lost.Remove(peer);
        _mourned.Remove(peer);
        _unheard.Remove(peer);
        board.Remove(new(StatusKind.BgpSession, node, peer));
        _openElb.Forget(peer);
    }

    /// <summary>The speaker is not heard from: nobody knows how its sessions stand.</summary>
    public void FallSilent()
    {
        foreach (var status in _peers.Values.ToList()) Show(status, SessionHealth.Unknown, time.GetUtcNow());
    }

    private Task ForgetUnheard()
    {
        foreach (var session in _unheard.ToList()) Gone(session);
        return Task.CompletedTask;
    }

    private void Show(PeerStatus status, SessionHealth health, DateTimeOffset since)
    {
        if (!_health.TryGetValue(status.Peer, out var known) || known.Health != health) _health[status.Peer] = known = (health, since);
        board.Show(new StatusObject.BgpSession(node, status.Peer, health, known.Since, status, Message(status, health)));
        _openElb.Show(status, health, known.Since);
    }

    private static string Message(PeerStatus status, SessionHealth health) => health switch
    {
        SessionHealth.Unknown => "the speaker of the node is not heard from; is the node up?",
        SessionHealth.Down => SessionNews.Trouble(status),
        _ => string.Join(' ', status.HeldBack.Select(held => $"Some routes are not told: {HeldBackText.Of(held.Reason)}")),
    };

    private void Tell(SessionNews news, PeerStatus status, BgpPeer peer)
    {
        var carried = routing.ServicesTowards(SessionName.PeerOf(status.Peer)).Count();
        var message = $"node {node}, peer {Name(status)}: {news.Message}{(carried > 0 ? $" {carried} services are announced over it." : "")}";
        var reason = (news.IsUp ? Reason.BgpSessionUp : Reason.BgpSessionDown).ToString();
        events.Record(peer.Source, warning: !news.IsUp, reason, message);
        events.Record(new("v1", "Node", "", node.Value), warning: !news.IsUp, reason, message);
        if (news.IsUp) TellServicesOfReturn(status);
        else if (_lost.Add(status.Peer) && _lost.Count == 1) after(options.EventDelay, TellServicesOfLoss);
    }

    /// <summary>One event for each service, whatever number of sessions it lost meanwhile; none over a session that came back at once.</summary>
    private Task TellServicesOfLoss()
    {
        var lost = _lost.Select(peer => _peers.GetValueOrDefault(peer)).OfType<PeerStatus>().Where(status => status.State != PeerState.Established).ToList();
        _lost.Clear();
        _mourned.UnionWith(lost.Select(status => status.Peer));
        var services = lost.SelectMany(status => routing.ServicesTowards(SessionName.PeerOf(status.Peer)).Select(service => (Service: service, Status: status)))
            .ToLookup(pair => pair.Service, pair => pair.Status);
        foreach (var service in services.OrderBy(service => service.Key).Take(options.ServiceEvents))
        {
            var message = string.Join(' ', service.Select(status => $"node {node} does not announce it to peer {Name(status)}: {SessionNews.Trouble(status)}"));
            events.Record(Reference(service.Key), warning: true, nameof(Reason.BgpSessionDown), message);
        }
        return Task.CompletedTask;
    }

    private void TellServicesOfReturn(PeerStatus status)
    {
        if (!_mourned.Remove(status.Peer)) return;
        foreach (var service in routing.ServicesTowards(SessionName.PeerOf(status.Peer)).Order().Take(options.ServiceEvents))
        {
            events.Record(Reference(service), warning: false, nameof(Reason.BgpSessionUp), $"node {node} announces it to peer {Name(status)} again.");
        }
    }

    private static string Name(PeerStatus status) =>
        status.Address is { } address && !SessionName.IsNeighbour(status.Peer) ? $"{status.Peer} ({address})" : status.Peer;

    private static ObjectReference Reference(ServiceName service) => new("v1", "Service", service.Namespace, service.Name);
}
